import type { Bar } from './charts/bar';
import type { Panels } from './charts/panel';

/** A section of the report: a table with its explanation. The rest is drawn on the HTML page only. */
export interface Section {
  readonly title: string;
  /** Explains what is counted, and how. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Charts above the table. */
  readonly panels?: Panels;
  /** A bar for each row, in a column of its own behind the others. */
  readonly bars?: { readonly kind: 'part' | 'difference'; readonly of: readonly Bar[] };
  /** The journey whose diagram stands above the table. */
  readonly journey?: string;
  /** Whether the table is only shown to those who ask for the numbers, because a chart shows the same. */
  readonly folded?: true;
}

/** Whether a column holds only numbers, so that it is right-aligned. */
export function isNumeric(rows: Section['rows'], column: number): boolean {
  return rows.every((row) => /^((< )?[+−]?[\d.,]+( %)?|–)$/.test(row[column] ?? ''));
}
