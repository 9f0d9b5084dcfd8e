/** One line of the table: what was measured, and what was hoped for. */
export interface Figure {
  /** As in `--json`. */
  readonly name: string;
  /** Which of several values of that name. */
  readonly of?: string;
  readonly value: number;
  readonly unit: string;
  /** `at least` or `at most`, where there is a target. */
  readonly target?: { readonly bound: 'at least' | 'at most'; readonly value: number };
  /** The absolute figures behind a ratio, and conditions. */
  readonly note: string;
}

/** The values by name; several of one name are an object of their own. */
export function asJson(figures: readonly Figure[]): Record<string, unknown> {
  const json: Record<string, number | Record<string, number>> = {};
  for (const { name, of, value } of figures) {
    const before = json[name];
    json[name] = of === undefined ? value : { ...(typeof before === 'object' ? before : {}), [of]: value };
  }
  return json;
}

/** Three significant digits. */
export function short(value: number): number {
  return Number(value.toPrecision(3));
}
