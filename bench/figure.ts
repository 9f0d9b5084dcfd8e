/** One line of the table: what was measured, and what was hoped for. */
export interface Figure {
  /** As in `--json`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `at least` or `at most`, where there is a target. */
  readonly target?: { readonly bound: 'at least' | 'at most'; readonly value: number };
  /** The absolute figures behind a ratio, and conditions. */
  readonly note: string;
}

/** Three significant digits. */
export function short(value: number): number {
  return Number(value.toPrecision(3));
}
