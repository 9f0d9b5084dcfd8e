import { getOwn } from '../model/own-property';
import type { ChannelName, SentRecord } from '../model/state';
import { capOf, channelsIn } from './channels';
import type { Policy } from './define';
import { countsSince, countsUntil, LONGEST_MS, SPAN_TEXTS, SPANS, type Cap, type Span } from './spans';

/** What caps ask about a message. */
export interface Counted {
  readonly channel: ChannelName;
  readonly transactional: boolean;
  readonly journey?: string;
  readonly topic?: string;
}

/** One bound of a cap: at most so many messages in a span. */
export interface Bound {
  /** What it counts, for people: `email`, `topic digest`, `total`. */
  readonly label: string;
  readonly most: number;
  readonly span: Span;
  /** What people read when the bound is reached. */
  readonly reason: string;
  readonly counts: (message: Counted) => boolean;
}

/** A message of a more important journey that is held. It keeps its place under the caps that will count it. */
export interface ExpectedMessage extends Counted {
  readonly journey: string;
  /** When it is decided again, epoch milliseconds. */
  readonly at: number;
}

/** What is known of the messages of a user, besides the one that is decided. */
export interface OtherMessages {
  readonly sent: readonly SentRecord[];
  /** Default: none. */
  readonly expected?: readonly ExpectedMessage[];
  readonly zone: string;
}

/** A cap that is reached, and the messages that it counted. */
export interface ReachedCap {
  readonly reason: string;
  readonly counted: readonly SentRecord[];
  /** When it has room again if nothing is sent until then, epoch milliseconds; null for never. */
  readonly roomAt: number | null;
}

/** The bounds that count a message, in the order in which they are asked. */
export function boundsOn(policy: Policy, { channel, transactional, journey, topic }: Counted): readonly Bound[] {
  const { caps, topicCaps = {}, journeyCaps = {} } = policy;
  if (transactional) return boundsOf('transactional', caps.transactional, (message) => message.transactional);
  const bounds = (label: string, cap: Cap | undefined, counts: Bound['counts']): readonly Bound[] =>
    cap ? boundsOf(label, cap, (message) => !message.transactional && counts(message)) : [];
  return [
    ...bounds(channel, capOf(policy, channel), (message) => message.channel === channel),
    ...(topic === undefined
      ? []
      : bounds(`topic ${topic}`, getOwn(topicCaps, topic), (message) => message.topic === topic)),
    ...(journey === undefined
      ? []
      : bounds(`journey ${journey}`, getOwn(journeyCaps, journey), (message) => message.journey === journey)),
    ...bounds('total', caps.total, () => true),
  ];
}

/**
 * The cap that stops a further message: the first one without room, or without room but for a message that is expected.
 * @param now epoch milliseconds
 * @returns null when no cap is reached
 */
export function capOn(policy: Policy, others: OtherMessages, message: Counted, now: number): ReachedCap | null {
  const found = roomUnder(policy, others, message, now);
  return typeof found === 'string' ? null : found;
}

/**
 * The cap that stops a further message, as `capOn` finds it. Without one: how full the caps are, for people: `email 1 of 2 a day`.
 * @param now epoch milliseconds
 */
export function roomUnder(policy: Policy, others: OtherMessages, message: Counted, now: number): ReachedCap | string {
  const room: string[] = [];
  for (const bound of boundsOn(policy, message)) {
    const { label, most, span, reason } = bound;
    const counted = countedAt(bound, others, now);
    if (counted.length >= most) return { reason, counted, roomAt: roomAt(bound, counted, others.zone) };
    const kept = placeKept(bound, others, now);
    if (kept)
      return { reason: `${reason}, of which '${kept.journey}' keeps one`, counted, roomAt: Math.max(kept.at, now + 1) };
    room.push(`${label} ${counted.length} of ${most} ${SPAN_TEXTS[span]}`);
  }
  return room.join(', ');
}

/** The longest time for which a message that was sent must be remembered under this policy, milliseconds. */
export function capHorizonMs(policy: Policy): number {
  const { caps, topicCaps = {}, journeyCaps = {} } = policy;
  const ofChannels = channelsIn(policy).map((channel) => capOf(policy, channel));
  const all = [
    caps.total,
    caps.transactional,
    ...ofChannels,
    ...Object.values(topicCaps),
    ...Object.values(journeyCaps),
  ];
  return Math.max(LEAST_HORIZON_MS, ...all.flatMap(spansOf).map((span) => LONGEST_MS[span]));
}

/** Messages are remembered for a week at least, so that a change of the policy finds them. */
const LEAST_HORIZON_MS = LONGEST_MS.week;

/** What is to be remembered of a message that was sent: its journey only if a cap asks about it. */
export function sentRecord({ journeyCaps = {} }: Policy, { journey, ...message }: Counted, at: number): SentRecord {
  const isAsked = journey !== undefined && getOwn(journeyCaps, journey) !== undefined;
  return { at, ...message, ...(isAsked && { journey }) };
}

/** The bounds of a cap. */
export function boundsOf(label: string, cap: Cap, counts: Bound['counts']): readonly Bound[] {
  return spansOf(cap).map((span) => {
    const most = cap[span] ?? Infinity;
    return { label, most, span, reason: `capped: ${label} ${most} ${SPAN_TEXTS[span]}`, counts };
  });
}

function spansOf(cap: Cap): readonly Span[] {
  return SPANS.filter((span) => Number.isFinite(cap[span] ?? Infinity));
}

function countedAt({ span, counts }: Bound, { sent, zone }: OtherMessages, now: number): readonly SentRecord[] {
  if (sent.length === 0) return [];
  const since = countsSince(span, now, zone);
  return sent.filter((message) => message.at >= since && counts(message));
}

/**
 * The expected message that would find no room if a further one was sent now. One that would find none anyway keeps no place.
 */
function placeKept(bound: Bound, others: OtherMessages, now: number): ExpectedMessage | null {
  const { span, most, counts } = bound;
  const { expected = [], zone } = others;
  if (expected.length === 0) return null;
  const due = expected.filter(counts).sort((a, b) => a.at - b.at);
  const until = countsUntil(span, now, zone);
  const withRoom: ExpectedMessage[] = [];
  for (const message of due) {
    if (message.at >= until) return null;
    const since = countsSince(span, message.at, zone);
    const before = countedAt(bound, others, message.at).length + withRoom.filter(({ at }) => at >= since).length;
    if (before === most - 1) return message;
    if (before < most) withRoom.push(message);
  }
  return null;
}

/** When fewer than `most` of these messages count: each counts for the length of the span. */
function roomAt({ span, most }: Bound, counted: readonly SentRecord[], zone: string): number | null {
  const times = counted.map(({ at }) => at).sort((a, b) => a - b);
  const last = times[times.length - most];
  return last === undefined ? null : countsUntil(span, last, zone);
}
