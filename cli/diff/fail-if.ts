/** A limit on one count of the report, such as `released > 1000`. */
export interface Limit {
  readonly text: string;
  /**
   * @param totals the counts of the report, by name
   * @throws {TypeError} when the report has no such count
   */
  exceeded(totals: Readonly<Record<string, number>>): boolean;
}

const COMPARISONS: Readonly<Record<string, (count: number, limit: number) => boolean>> = {
  '>': (count, limit) => count > limit,
  '>=': (count, limit) => count >= limit,
};

/**
 * Parses a limit: the name of a count, `>` or `>=`, and a whole number.
 * @throws {TypeError} when the text has another form
 */
export function parseLimit(text: string): Limit {
  const [, name = '', comparison = '', number = ''] = /^\s*([a-z ]+?)\s*(>=?)\s*(\d+)\s*$/.exec(text) ?? [];
  const compare = COMPARISONS[comparison];
  if (!compare)
    throw new TypeError(`Invalid limit: '${text}'. Expected a count, > or >=, and a number, as in 'released > 1000'.`);
  return {
    text,
    exceeded: (totals) => {
      const count = totals[name];
      if (count === undefined)
        throw new TypeError(
          `Invalid limit: '${text}'. Expected one of these counts instead of '${name}': ${Object.keys(totals).join(', ')}.`,
        );
      return compare(count, Number(number));
    },
  };
}
