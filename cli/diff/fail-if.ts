/** A limit such as `released > 1000`. */
export interface Limit {
  readonly text: string;
  exceeded(totals: Readonly<Record<string, number>>): boolean;
}

const COMPARISONS: Readonly<Record<string, (count: number, limit: number) => boolean>> = {
  '>': (count, limit) => count > limit,
  '>=': (count, limit) => count >= limit,
};

/**
 * Reads a limit: a count of the report, `>` or `>=`, and a number.
 * @throws {TypeError} when it is none
 */
export function parseLimit(text: string): Limit {
  const [, name = '', comparison = '', number = ''] = /^\s*([a-z ]+?)\s*(>=?)\s*(\d+)\s*$/.exec(text) ?? [];
  const compare = COMPARISONS[comparison];
  if (!compare) throw new TypeError(`Not a limit: '${text}'. Write for example 'released > 1000'.`);
  return {
    text,
    exceeded: (totals) => {
      const count = totals[name];
      if (count === undefined)
        throw new TypeError(`'${text}': '${name}' is not counted here, but ${Object.keys(totals).join(', ')}.`);
      return compare(count, Number(number));
    },
  };
}
