import type { ChannelName } from '../model/state';
import type { SimulatedReceipt } from './receipts';
import type { Span } from './span';
import type { Counters } from './tally';

/** What was sent by a channel, and how people reacted. */
export interface ChannelReport {
  readonly channel: ChannelName;
  readonly sent: number;
  /** Messages of each day of the simulation. */
  readonly perDay: readonly number[];
  /** For each hour of the UTC day: the mean number of messages over all days, and the most on any day. */
  readonly perHour: readonly { readonly mean: number; readonly most: number }[];
  /** The busiest hour of the simulation; `at` is ISO 8601. Null when nothing was sent. */
  readonly peak: { readonly at: string; readonly messages: number } | null;
  /** Messages that came back for good. */
  readonly bounced: number;
  /** What is assumed that its provider reports to journeys. */
  readonly reports: readonly SimulatedReceipt[];
  readonly opened: number;
  readonly clicked: number;
  readonly optedOut: number;
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** Makes the report of a channel. */
export function channelReport(
  channel: ChannelName,
  { hours, reactions }: Counters,
  { begin, days }: Span,
  reports: ChannelReport['reports'],
): ChannelReport {
  const perHour = new Array<number>(days * DAY_HOURS).fill(0);
  for (const row of hours.rows()) if (row.channel === channel) perHour[row.hour] = row.count;
  const most = Math.max(0, ...perHour);
  const reacted = (what: string): number =>
    reactions.rows().find((row) => row.channel === channel && row.what === what)?.count ?? 0;
  return {
    channel,
    sent: total(perHour),
    perDay: Array.from({ length: days }, (_, day) => total(perHour.slice(day * DAY_HOURS, (day + 1) * DAY_HOURS))),
    perHour: Array.from({ length: DAY_HOURS }, (_, hour) => {
      const those = perHour.filter((_count, index) => index % DAY_HOURS === hour);
      return { mean: total(those) / days, most: Math.max(0, ...those) };
    }),
    peak: most === 0 ? null : { at: new Date(begin + perHour.indexOf(most) * HOUR_MS).toISOString(), messages: most },
    bounced: reacted('bounced'),
    reports,
    opened: reacted('opened'),
    clicked: reacted('clicked'),
    optedOut: reacted('opted out'),
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
