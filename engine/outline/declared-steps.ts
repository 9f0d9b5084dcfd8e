import type { CallExpression, Expression, SpreadElement } from 'acorn';
import { simple } from 'acorn-walk';
import { bindSteps } from '../replay/steps/index';
import type { Journey, Redirection } from '../authoring/journey';
import { parsed } from '../authoring/literals';

const METHODS = new Set(
  Object.entries(
    bindSteps(
      () => ({ id: '', name: '', at: 0, properties: {} }),
      null,
      () => new Promise(() => undefined),
    ),
  )
    .filter(([, value]) => typeof value === 'function')
    .map(([method]) => method),
);

/**
 * A step that the code names. In `step`, `…` stands for each part that is filled in at run time; `pattern` matches
 * every possible name.
 */
export interface DeclaredStep {
  readonly step: string;
  readonly pattern: RegExp;
}

/**
 * Lists the steps that a journey's own code names, reachable or not. They are read from its syntax tree
 * (https://github.com/estree/estree), or from its definition if the journey is data. Steps called by functions defined
 * elsewhere are not included.
 * @returns an empty list where the code cannot be parsed as an expression on its own
 */
export function declaredSteps({ run, declares }: Journey): DeclaredStep[] {
  if (declares) return declares.map((step) => named([step]));
  const steps: DeclaredStep[] = [];
  const tree = parsed(run);
  if (tree?.type !== 'ArrowFunctionExpression' && tree?.type !== 'FunctionExpression') return [];
  const [parameter] = tree.params;
  if (parameter?.type !== 'Identifier') return [];
  simple(tree, {
    CallExpression(call) {
      const declared = isStep(call, parameter.name) ? nameIn(call.arguments[0]) : null;
      if (declared) steps.push(declared);
    },
  });
  return steps;
}

/** The declared steps that are none of these. */
export function unreachedSteps(journey: Journey, reached: ReadonlySet<string>): readonly string[] {
  return declaredSteps(journey)
    .filter(({ pattern }) => ![...reached].some((step) => pattern.test(step)))
    .map(({ step }) => step);
}

/**
 * The redirections of `onEdit` to steps that the journey does not have. A name that is filled in at run time may be any that fits. So
 * may the names of steps that functions defined elsewhere call: if there are such steps, no redirection is taken for lost.
 * @param found the steps on all paths
 */
export function lostRedirections(journey: Journey, found: ReadonlySet<string>): readonly Redirection[] {
  const declared = declaredSteps(journey);
  const isDeclared = (step: string): boolean => declared.some(({ pattern }) => pattern.test(step));
  if (![...found].every(isDeclared)) return [];
  return (journey.onEdit ?? []).filter(({ to }) => !isDeclared(to));
}

function isStep({ callee }: CallExpression, steps: string): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
  return callee.object.name === steps && callee.property.type === 'Identifier' && METHODS.has(callee.property.name);
}

function nameIn(argument: Expression | SpreadElement | undefined): DeclaredStep | null {
  if (argument?.type === 'Literal' && typeof argument.value === 'string') return named([argument.value]);
  if (argument?.type !== 'TemplateLiteral') return null;
  return named(argument.quasis.map(({ value }) => value.cooked ?? value.raw));
}

function named(parts: readonly string[]): DeclaredStep {
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return { step: parts.join('…'), pattern: new RegExp(`^${escaped.join('.*')}$`, 's') };
}
