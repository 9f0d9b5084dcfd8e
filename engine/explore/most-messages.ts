import { CHANNELS, type BuiltInChannel, type ChannelName } from '../model/channels';
import type { Path } from './path';
import type { Counts } from './rest';
import type { SentOnWay, TimedWays } from './timed-ways';

const DAY_MS = 86_400_000;

/** The most messages one person can get: in any 24 hours, in any 7 days, on a whole path. */
export interface Most {
  readonly day: number;
  readonly week: number;
  readonly path: number;
}

/** The most messages by each channel that ships, and by all channels together. */
export type MostMessages = Readonly<Record<BuiltInChannel | 'total', Most>>;

/**
 * The most of these moments that lie within one period. Two moments exactly one period apart do not.
 * @param moments epoch milliseconds, in any order
 */
export function densest(moments: readonly number[], spanMs: number): number {
  const ordered = [...moments].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  ordered.forEach((at, last) => {
    while ((ordered[first] ?? at) <= at - spanMs && first < last) first++;
    most = Math.max(most, last - first + 1);
  });
  return most;
}

/** The message counts of one path. */
export function messagesOf({ messages }: Path): MostMessages {
  const count = (channel: ChannelName | null): Most => {
    const moments = messages.filter((each) => channel === null || each.channel === channel).map(({ at }) => at);
    return { day: densest(moments, DAY_MS), week: densest(moments, 7 * DAY_MS), path: moments.length };
  };
  return byChannel((key) => count(key === 'total' ? null : key));
}

/** The message counts of all walks along these ways. Their totals are not among them. */
export function messagesAlong(ways: TimedWays): MostMessages {
  const of = (isCounted: (message: SentOnWay) => boolean): Most => ({
    day: ways.most(DAY_MS, isCounted),
    week: ways.most(7 * DAY_MS, isCounted),
    path: 0,
  });
  return byChannel((key) => of(({ channel }) => key === 'total' || channel === key));
}

/** The higher of the two values for each count. */
export function higher(one: MostMessages, other: MostMessages): MostMessages {
  const of = (key: keyof MostMessages): Most => ({
    day: Math.max(one[key].day, other[key].day),
    week: Math.max(one[key].week, other[key].week),
    path: Math.max(one[key].path, other[key].path),
  });
  return byChannel(of);
}

/** The counts of paths of which only the totals are known. */
export function totals(most: Counts): MostMessages {
  const of = (key: keyof MostMessages): Most => ({ day: 0, week: 0, path: most[key] });
  return byChannel(of);
}

const NONE: Most = { day: 0, week: 0, path: 0 };
/** All counts are zero. */
export const NO_MESSAGES: MostMessages = byChannel(() => NONE);

function byChannel(of: (key: keyof MostMessages) => Most): MostMessages {
  const counts = CHANNELS.map((channel) => [channel, of(channel)] as const);
  return { ...(Object.fromEntries(counts) as Record<BuiltInChannel, Most>), total: of('total') };
}
