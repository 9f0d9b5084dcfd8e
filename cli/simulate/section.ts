import type { ChannelName } from '../../engine/model/state';
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

export const CHANNEL_LABELS: Readonly<Record<ChannelName, string>> = {
  email: 'email',
  webPush: 'web push',
  inApp: 'in-app',
};

/** The title of the section about the steps of a journey. */
export function flowTitle(journey: string): string {
  return `Flow of ${journey}`;
}

/** Formats a count, or a mean with one or two decimals when it is small. */
export function number(value: number): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value < 1 ? 2 : 1;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** Formats a count of things: `1 message`, `2 messages`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** Formats a rate in percent; a dash when the whole is 0. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  if (share > 0 && share < 0.1) return '< 0.1 %';
  return `${share.toFixed(share > 0 && share < 10 ? 1 : 0)} %`;
}

/** Whether a column holds only numbers, so that it is right-aligned. */
export function isNumeric(rows: Section['rows'], column: number): boolean {
  return rows.every((row) => /^((< )?[+−]?[\d.,]+( %)?|–)$/.test(row[column] ?? ''));
}
