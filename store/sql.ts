/** The placeholder of each parameter, by name: `$1`, `$2`, … */
export type Placeholders<Values> = { readonly [Name in keyof Values]-?: string };

/** A query as `Pool.query` takes it. */
export interface Query {
  readonly text: string;
  readonly values: unknown[];
  readonly name?: string;
}

/** A string in quotes, a quoted name, or a comment with the space before it. */
const QUOTED_OR_COMMENT = /'[^']*'|"[^"]*"|\s*--.*/g;

/**
 * Builds a statement with named parameters. The text is built once, so a call only makes the array of values. Comments (`--`) are
 * removed from the text; it must not hold them inside dollar quotes.
 *
 * The names are checked by the compiler: the text can use only parameters of `Values`, and each call has to give all of them.
 *
 * No library is used for this. yesql, the closest one (7.0.0, ISC, no dependencies), parses the text on every call, sends a value
 * once for each place it is used in, and reports a missing name only at run time. pgtyped checks names and types, but generates
 * files from a running database at build time, and brings an SQL parser and two more packages to run time.
 * @param write returns the text, given the placeholders; parameters are numbered in the order of their first use
 */
export function statement<Values extends object>(
  write: (param: Placeholders<Values>) => string,
): (values: Values) => Query {
  const names: (keyof Values)[] = [];
  const placeholders = new Proxy({} as Placeholders<Values>, {
    get: (_, key) => {
      const name = key as keyof Values;
      if (!names.includes(name)) names.push(name);
      return `$${names.indexOf(name) + 1}`;
    },
  });
  const text = withoutComments(write(placeholders));
  return (values) => ({ text, values: names.map((name) => values[name]) });
}

/**
 * Builds a statement with named parameters that each connection prepares on first use, and from then on knows by its name.
 * @param name unique among all prepared statements
 * @param write returns the text, given the placeholders
 */
export function prepared<Values extends object>(
  name: string,
  write: (param: Placeholders<Values>) => string,
): (values: Values) => Query {
  const query = statement(write);
  return (values) => ({ name, ...query(values) });
}

function withoutComments(text: string): string {
  return text.replace(QUOTED_OR_COMMENT, (found) => (found.trimStart().startsWith('--') ? '' : found));
}
