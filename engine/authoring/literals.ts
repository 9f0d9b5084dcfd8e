import { parseExpressionAt, type Expression, type Node } from 'acorn';
import { simple } from 'acorn-walk';
import type { Json } from '../model/json';

/** Any function. Only its text is read. */
export type Code = (...parameters: never[]) => unknown;

/** The results that a function is written with. */
export interface LiteralResults {
  readonly values: readonly Json[];
  /** It can have no other result. */
  readonly complete: boolean;
}

const COMPARISONS = new Set(['<', '<=', '>', '>=', '==', '===', '!=', '!==']);
/** Methods of a list or a text that look for a value in it. */
const SEARCHES = new Set(['includes', 'startsWith', 'endsWith']);
const NONE: LiteralResults = { values: [], complete: false };

/**
 * The trees of the functions so far, by their text: a step in a loop makes its function anew in each round of each path. There are
 * no more texts than the code has functions.
 */
const trees = new Map<string, Expression | null>();

/**
 * The syntax tree of a function (https://github.com/estree/estree). A text is parsed once.
 * @returns null where its text is no expression on its own, as that of a method
 */
export function parsed(code: Code): Expression | null {
  const text = String(code);
  const known = trees.get(text);
  if (known !== undefined) return known;
  const tree = parse(text);
  trees.set(text, tree);
  return tree;
}

function parse(text: string): Expression | null {
  try {
    return parseExpressionAt(text, 0, { ecmaVersion: 'latest' });
  } catch {
    return null;
  }
}

/**
 * The values that a function's own text compares with: `score >= 9`, `['pro', 'team'].includes(plan)`, `tags.includes('vip')`, the cases
 * of a `switch`.
 */
export function comparedIn(code: Code): readonly Json[] {
  return [...new Set(comparisonsIn(code).flatMap(({ values }) => values))];
}

/** The same values by the name of what is compared with them, which is the last one of `j.event.properties.score`. */
export function comparedByName(code: Code): ReadonlyMap<string, readonly Json[]> {
  const byName = new Map<string, readonly Json[]>();
  for (const { name, values } of comparisonsIn(code))
    if (name !== null) byName.set(name, [...new Set([...(byName.get(name) ?? []), ...values])]);
  return byName;
}

interface Comparison {
  readonly name: string | null;
  readonly values: readonly Json[];
}

function comparisonsIn(code: Code): readonly Comparison[] {
  const tree = parsed(code);
  const found: Comparison[] = [];
  const add = (compared: Node, node: Node): void => {
    const values = valuesIn(node);
    if (values.length > 0) found.push({ name: nameOf(compared), values });
  };
  if (!tree) return [];
  simple(tree, {
    BinaryExpression({ operator, left, right }) {
      if (!COMPARISONS.has(operator)) return;
      add(right, left);
      add(left, right);
    },
    SwitchStatement({ discriminant, cases }) {
      for (const { test } of cases) if (test) add(discriminant, test);
    },
    CallExpression({ callee, arguments: [sought] }) {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || !sought) return;
      if (!SEARCHES.has(callee.property.name)) return;
      add(sought, callee.object);
      add(callee.object, sought);
    },
  });
  return found;
}

/** The name of a value in code: `score` of `score`, of `event.properties.score`, of `Number(score ?? 0)` and of `score.length`. */
function nameOf(node: Node): string | null {
  const expression = node as Expression;
  switch (expression.type) {
    case 'Identifier':
      return expression.name;
    case 'ChainExpression':
      return nameOf(expression.expression);
    case 'LogicalExpression':
      return nameOf(expression.left);
    case 'MemberExpression': {
      const { object, property } = expression;
      if (property.type === 'Literal') return String(property.value);
      if (property.type !== 'Identifier' || expression.computed) return null;
      return property.name === 'length' ? nameOf(object) : property.name;
    }
    case 'CallExpression': {
      const { callee, arguments: given } = expression;
      const [compared] = given;
      if (compared) return nameOf(compared);
      return callee.type === 'MemberExpression' ? nameOf(callee.object) : null;
    }
    default:
      return null;
  }
}

/** The numbers among these values, and those on both sides of each. */
export function numbersAround(values: readonly Json[]): number[] {
  return values.flatMap((value) => (typeof value === 'number' ? [value - 1, value, value + 1] : []));
}

/** The results of an arrow function with an expression as its body: `(facts) => (isNew(facts) ? 'new' : 'old')`. */
export function literalResults(code: Code): LiteralResults {
  const tree = parsed(code);
  return tree?.type === 'ArrowFunctionExpression' && tree.body.type !== 'BlockStatement' ? resultsOf(tree.body) : NONE;
}

function resultsOf(expression: Expression): LiteralResults {
  if (expression.type === 'ConditionalExpression')
    return union(resultsOf(expression.consequent), resultsOf(expression.alternate));
  if (expression.type === 'LogicalExpression') return union(resultsOf(expression.left), resultsOf(expression.right));
  if (expression.type !== 'Literal' && expression.type !== 'UnaryExpression') return NONE;
  const values = valuesIn(expression);
  return { values, complete: values.length > 0 };
}

function union(one: LiteralResults, other: LiteralResults): LiteralResults {
  return { values: [...one.values, ...other.values], complete: one.complete && other.complete };
}

/** The single values that an expression is written with: a literal, a negative number, or a list of them. */
function valuesIn(node: Node): readonly Json[] {
  const expression = node as Expression;
  switch (expression.type) {
    case 'Literal': {
      const { value } = expression;
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [value] : [];
    }
    case 'UnaryExpression':
      return expression.operator === '-'
        ? valuesIn(expression.argument).flatMap((value) => (typeof value === 'number' ? [-value] : []))
        : [];
    case 'ArrayExpression':
      return expression.elements.flatMap((element) => (element ? valuesIn(element) : []));
    default:
      return [];
  }
}
