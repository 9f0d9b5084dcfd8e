import type { CallExpression, Expression, SpreadElement } from 'acorn';
import { simple } from 'acorn-walk';
import { bindSteps, suffixesOf } from '../replay/steps/index';
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
      const method = methodOf(call, parameter.name);
      const declared = method === null ? null : nameIn(call.arguments[0], suffixesOf(method));
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

/** The method of the steps that is called; null if it is none of theirs. */
function methodOf({ callee }: CallExpression, steps: string): string | null {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return null;
  if (callee.object.name !== steps || callee.property.type !== 'Identifier') return null;
  return METHODS.has(callee.property.name) ? callee.property.name : null;
}

function nameIn(argument: Expression | SpreadElement | undefined, suffixes: readonly string[]): DeclaredStep | null {
  if (argument?.type === 'Literal' && typeof argument.value === 'string') return named([argument.value], suffixes);
  if (argument?.type !== 'TemplateLiteral') return null;
  return named(
    argument.quasis.map(({ value }) => value.cooked ?? value.raw),
    suffixes,
  );
}

/** @param suffixes what may follow the name, in the names of further steps of the same call */
function named(parts: readonly string[], suffixes: readonly string[] = []): DeclaredStep {
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const further = suffixes.length === 0 ? '' : `(?:${suffixes.join('|')})?`;
  return { step: parts.join('…'), pattern: new RegExp(`^${escaped.join('.*')}${further}$`, 's') };
}
