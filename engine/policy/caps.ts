import type { ChannelName, SentRecord } from '../model/state';
import type { Cap, Policy } from './define';

const DAY_MS = 86_400_000;
/** The longest span over which a cap counts, milliseconds. */
export const CAP_HORIZON_MS = 7 * DAY_MS;

/** A message that caps may stop. */
export interface Capped {
  readonly channel: ChannelName;
  readonly transactional: boolean;
}

/** One bound that counts a message: at most so many in a span. */
export interface Bound {
  readonly most: number;
  readonly spanMs: number;
  /** What people read when the bound is reached. */
  readonly reason: string;
  readonly counts: (message: Capped) => boolean;
}

/** A cap that is reached, and the messages that it counted. */
export interface ReachedCap {
  readonly reason: string;
  readonly counted: readonly SentRecord[];
  /** When it has room again if nothing is sent until then, epoch milliseconds; null for never. */
  readonly roomAt: number | null;
}

/** The bounds that count a message, in the order in which they are asked. Those without a limit are left out. */
export function capsOn({ caps }: Policy, { channel, transactional }: Capped): readonly Bound[] {
  if (transactional) return boundsOf('transactional', caps.transactional, (message) => message.transactional);
  return [
    ...boundsOf(channel, caps[channel], (message) => !message.transactional && message.channel === channel),
    ...boundsOf('total', caps.total, (message) => !message.transactional),
  ];
}

/**
 * The cap that stops a further message.
 * @param now epoch milliseconds
 * @returns null when no cap is reached
 */
export function capOn(policy: Policy, sent: readonly SentRecord[], message: Capped, now: number): ReachedCap | null {
  for (const { most, spanMs, reason, counts } of capsOn(policy, message)) {
    const counted = sent.filter((one) => one.at > now - spanMs && counts(one));
    if (counted.length >= most) return { reason, counted, roomAt: roomAt(counted, most, spanMs) };
  }
  return null;
}

function boundsOf(label: string, cap: Cap, counts: Bound['counts']): readonly Bound[] {
  return (
    [
      ['day', DAY_MS],
      ['week', CAP_HORIZON_MS],
    ] as const
  )
    .filter(([span]) => Number.isFinite(cap[span]))
    .map(([span, spanMs]) => ({
      most: cap[span],
      spanMs,
      reason: `capped: ${label} ${cap[span]} a ${span}`,
      counts,
    }));
}

/** When fewer than `most` of these messages are within the span: each leaves it after its length. */
function roomAt(counted: readonly SentRecord[], most: number, spanMs: number): number | null {
  const times = counted.map(({ at }) => at).sort((a, b) => a - b);
  const last = times[times.length - most];
  return last === undefined ? null : last + spanMs;
}
