import { CHANNELS, type BuiltInChannel } from '../model/channels';
import type { MemoryHost } from '../testing/memory-host';
import type { SentOnWay } from './timed-ways';

/** Numbers of messages by channel, and of all channels together. */
export type Counts = Readonly<Record<BuiltInChannel | 'total', number>>;

/** What can still come from a place on. */
export interface Rest {
  /** How long the way to the end is, milliseconds; null if no way ends by itself. Infinite if one may go on forever. */
  readonly shortestMs: number | null;
  readonly longestMs: number | null;
  /** The most messages on one way. Infinite if one may go on forever and sends messages. */
  readonly most: Counts;
}

const KEYS = [...CHANNELS, 'total'] as const;

/** No way, and no message. */
export const NO_REST: Rest = { shortestMs: null, longestMs: null, most: counts(() => 0) };
/** The end is here. */
export const ENDED: Rest = { ...NO_REST, shortestMs: 0, longestMs: 0 };

/** Of two alternatives, the shorter, the longer, and the one with more messages. */
export function either(one: Rest, other: Rest): Rest {
  return {
    shortestMs: ofBoth(Math.min, one.shortestMs, other.shortestMs),
    longestMs: ofBoth(Math.max, one.longestMs, other.longestMs),
    most: counts((key) => Math.max(one.most[key], other.most[key])),
  };
}

/** What comes after a way of this length, with these messages on it. */
export function preceded({ shortestMs, longestMs, most }: Rest, ms: number, sent: Counts): Rest {
  return {
    shortestMs: shortestMs === null ? null : shortestMs + ms,
    longestMs: longestMs === null ? null : longestMs + ms,
    most: counts((key) => most[key] + sent[key]),
  };
}

/** The way goes on forever, with these messages in each round. */
export function forever(sent: Counts): Rest {
  return { shortestMs: null, longestMs: Infinity, most: counts((key) => (sent[key] > 0 ? Infinity : 0)) };
}

/** The last instant that was decided, epoch milliseconds; before the first one, when the user was created. */
export function watermarkOf({ state }: MemoryHost): number {
  return state.memory?.watermark ?? state.createdAt;
}

/** The messages that went out so far. */
export function sentBy({ messages }: MemoryHost): Counts {
  return countsOf([...messages.values()].filter(({ status }) => status === 'queued'));
}

export function since(now: Counts, before: Counts): Counts {
  return counts((key) => now[key] - before[key]);
}

/** The messages that went out between two places of one path. */
export function sentBetween(before: MemoryHost, after: MemoryHost): readonly SentOnWay[] {
  const begin = watermarkOf(before);
  return [...after.messages.values()]
    .filter(({ id, status }) => status === 'queued' && before.messages.get(id)?.status !== 'queued')
    .map(({ channel, transactional, decidedAt }) => ({ channel, transactional, afterMs: decidedAt - begin }));
}

/** The number of these messages by channel. */
export function countsOf(sent: readonly Pick<SentOnWay, 'channel'>[]): Counts {
  return counts((key) => (key === 'total' ? sent.length : sent.filter(({ channel }) => channel === key).length));
}

function counts(of: (key: BuiltInChannel | 'total') => number): Counts {
  return Object.fromEntries(KEYS.map((key) => [key, of(key)])) as Counts;
}

/** One of two numbers, or the one that there is. */
export function ofBoth(
  choose: (one: number, other: number) => number,
  one: number | null,
  other: number | null,
): number | null {
  return one === null || other === null ? (one ?? other) : choose(one, other);
}
