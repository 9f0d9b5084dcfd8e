import type { ChannelName } from '../../engine/model/state';
import type { Chart } from './charts';

/** A part of the report: what the numbers are, and the numbers. */
export interface Section {
  readonly title: string;
  /** What is counted how. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a page shows beside. */
  readonly charts?: readonly Chart[];
}

export const CHANNEL_LABELS: Readonly<Record<ChannelName, string>> = {
  email: 'email',
  webPush: 'web push',
  inApp: 'in-app',
};

/** A count, or a mean to one or two digits where it is small. */
export function number(value: number): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value < 1 ? 2 : 1;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** A rate; of nothing there is none. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  if (share > 0 && share < 0.1) return '< 0.1 %';
  return `${share.toFixed(share > 0 && share < 10 ? 1 : 0)} %`;
}

/** Is this a column of numbers, to be set right? */
export function isNumeric(rows: Section['rows'], column: number): boolean {
  return rows.every((row) => /^((< )?[\d.,]+( %)?|–)$/.test(row[column] ?? ''));
}
