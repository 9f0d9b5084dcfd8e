/** One row of the table: a measured value and its target. */
export interface Figure {
  /** The key in `--json`. */
  readonly name: string;
  /** Distinguishes several values with the same name. */
  readonly of?: string;
  readonly value: number;
  readonly unit: string;
  /** The target, if there is one. */
  readonly target?: { readonly bound: 'at least' | 'at most'; readonly value: number };
  /** The absolute values behind a ratio, and the conditions of the measurement. */
  readonly note: string;
}

/** Returns the values by name. Several values with one name become a nested object. */
export function asJson(figures: readonly Figure[]): Record<string, unknown> {
  const json: Record<string, number | Record<string, number>> = {};
  for (const { name, of, value } of figures) {
    const before = json[name];
    json[name] = of === undefined ? value : { ...(typeof before === 'object' ? before : {}), [of]: value };
  }
  return json;
}

/** Rounds to three significant digits. */
export function short(value: number): number {
  return Number(value.toPrecision(3));
}
