import type { JsonObject } from '../model/json';
import type { ChannelName, Obstacle, Reach, SentRecord, SuppressCause } from '../model/state';
import { windowEnd } from '../model/zone';
import { capOf, isQuiet, reachesPerson } from './channels';
import type { Cap, Policy } from './define';

const DAY_MS = 86_400_000;
/** The longest span over which a cap counts, milliseconds. */
export const CAP_HORIZON_MS = 7 * DAY_MS;
/** How long after a user's first event their address may still arrive, milliseconds. */
export const NEWCOMER_MS = 30_000;

/** Why a user must not get a message on a channel. `reason` is for people. */
export interface Objection {
  readonly cause: 'undeliverable' | 'consent';
  readonly reason: string;
}

/**
 * What stands against a message on a channel, whatever the caps and the time. It holds up to the moment at which the message is
 * handed to the provider. An address that bounced, or whose holder reported spam, gets nothing. An opt-out, of this user or of the
 * address, stops every message but transactional ones.
 * @returns null when nothing stands against it
 */
export function objectionTo(
  { consent, suppressed = {} }: Pick<Reach, 'consent' | 'suppressed'>,
  channel: ChannelName,
  transactional: boolean,
): Objection | null {
  const known = suppressed[channel] ?? [];
  if (known.includes('bounced')) return { cause: 'undeliverable', reason: BOUNCED };
  if (known.includes('complained')) return { cause: 'undeliverable', reason: COMPLAINED };
  if (transactional) return null;
  if (consent[channel] === false) return { cause: 'consent', reason: NO_CONSENT };
  return known.includes('opted out') ? { cause: 'consent', reason: NO_CONSENT_FOR_ADDRESS } : null;
}

/** A message to be decided, and what is known about its user. Times are epoch milliseconds. */
export interface Candidate {
  readonly channels: readonly ChannelName[];
  readonly transactional: boolean;
  readonly expiresAt: number;
  /** Until when a missing address may still arrive. */
  readonly addressBy: number;
  readonly reach: Reach;
  /** The reason for people why a channel that is not reachable is not. Default: `no address`. */
  readonly unreachable?: (channel: ChannelName) => string;
  readonly zone: string;
  readonly sent: readonly SentRecord[];
  /** What becomes of the message if caps leave it no channel. Default: `suppress`. */
  readonly ifCapped?: 'hold' | 'suppress' | undefined;
  readonly now: number;
}

/** The policy's decision about a message. `reason` and `facts` are for people; code reads the other fields. */
export type Verdict = {
  readonly reason: string;
  readonly facts: JsonObject;
  /** Why the message could not take each of the channels that were tried in vain. */
  readonly obstacles: Readonly<Partial<Record<ChannelName, Obstacle>>>;
} & (
  | { readonly kind: 'send'; readonly channel: ChannelName }
  | {
      readonly kind: 'hold';
      readonly channel: ChannelName;
      /** What the message waits for. */
      readonly hold: 'quiet hours' | 'address' | 'cap';
      /** When the message is decided again, epoch milliseconds. */
      readonly until: number;
    }
  | { readonly kind: 'suppress'; readonly channel: ChannelName | null; readonly cause: SuppressCause }
);

/** Why a message can't take a channel. */
interface Refusal {
  readonly channel: ChannelName;
  readonly obstacle: Obstacle;
  readonly reason: string;
  /** If the obstacle is a cap: when it has room again, epoch milliseconds; null for never. */
  readonly roomAt?: number | null;
}

/**
 * Decides one message, in this order:
 * 1. A message that has expired is suppressed.
 * 2. The first listed channel with an address that has not bounced, consent and room under its caps is taken.
 * 3. In quiet hours the message is held until they end, or suppressed if it would expire before.
 *
 * A channel whose messages do not go to the person needs neither consent nor room. A transactional message needs only an address that has not bounced and room under the cap of transactional messages, and expires.
 * If no listed channel has an address, the message is held until `addressBy`, and suppressed after that. With `ifCapped: 'hold'`, a
 * message that a cap keeps from a channel is held until there is room, or suppressed if it would expire before.
 */
export function decide(policy: Policy, candidate: Candidate): Verdict {
  const { now, zone, channels, transactional, expiresAt, addressBy } = candidate;
  if (now > expiresAt) {
    const [channel = null] = channels;
    return { kind: 'suppress', channel, cause: 'expired', reason: 'expired', facts: { expiresAt }, obstacles: {} };
  }
  const refusals: Refusal[] = [];
  for (const channel of channels) {
    const refusal = refusalOf(policy, candidate, channel);
    if (refusal) {
      refusals.push(refusal);
      continue;
    }
    const quietUntil = transactional ? null : quietEnd(policy, channel, zone, now);
    const facts = { ...reasonsOf(refusals), zone };
    const found = { channel, facts, obstacles: obstaclesOf(refusals) };
    if (quietUntil === null) return { kind: 'send', ...found, reason: transactional ? 'transactional' : 'allowed' };
    return quietUntil > expiresAt
      ? { kind: 'suppress', ...found, cause: 'quiet hours', reason: IN_QUIET_HOURS }
      : { kind: 'hold', ...found, hold: 'quiet hours', until: quietUntil, reason: 'quiet hours' };
  }
  const found = { facts: reasonsOf(refusals), obstacles: obstaclesOf(refusals) };
  const [first] = refusals;
  const mayArrive = now < addressBy && addressBy <= expiresAt;
  if (first && mayArrive && refusals.every(({ obstacle }) => obstacle === 'address'))
    return {
      kind: 'hold',
      channel: first.channel,
      ...found,
      hold: 'address',
      until: addressBy,
      reason: 'no address yet',
    };
  const capped = candidate.ifCapped === 'hold' ? soonestRoom(refusals) : null;
  if (capped && capped.roomAt <= expiresAt)
    return {
      kind: 'hold',
      channel: capped.channel,
      ...found,
      hold: 'cap',
      until: capped.roomAt,
      reason: capped.reason,
    };
  const last = refusals.at(-1);
  if (!last) return { kind: 'suppress', channel: null, ...found, cause: 'no channel', reason: 'no channel' };
  const { channel, obstacle: cause, reason } = last;
  return { kind: 'suppress', channel, ...found, cause, reason };
}

/** Every reason for which a message on these channels can be suppressed. */
export function suppressReasons(policy: Policy, channels: readonly ChannelName[], transactional: boolean): string[] {
  const capped = (label: string, { day, week }: Cap): string[] => [
    ...(Number.isFinite(day) ? [cappedReason(label, day, 'day')] : []),
    ...(Number.isFinite(week) ? [cappedReason(label, week, 'week')] : []),
  ];
  const { caps } = policy;
  const always = ['no address', BOUNCED, COMPLAINED, 'expired'];
  if (transactional) return [...always, ...capped('transactional', caps.transactional)];
  const perChannel = channels.flatMap((channel) => capped(channel, capOf(policy, channel)));
  return [...always, NO_CONSENT, NO_CONSENT_FOR_ADDRESS, IN_QUIET_HOURS, ...perChannel, ...capped('total', caps.total)];
}

const BOUNCED = 'bounced address';
const COMPLAINED = 'reported as spam';
const NO_CONSENT = 'no consent';
const NO_CONSENT_FOR_ADDRESS = 'no consent for this address';
const IN_QUIET_HOURS = 'expires in quiet hours';

function cappedReason(label: string, most: number, span: 'day' | 'week'): string {
  return `capped: ${label} ${most} a ${span}`;
}

function reasonsOf(refusals: readonly Refusal[]): Record<string, string> {
  return Object.fromEntries(refusals.map(({ channel, reason }) => [channel, reason]));
}

function obstaclesOf(refusals: readonly Refusal[]): Verdict['obstacles'] {
  return Object.fromEntries(refusals.map(({ channel, obstacle }) => [channel, obstacle]));
}

function refusalOf(
  policy: Policy,
  { reach, unreachable = () => 'no address', transactional, sent, now }: Candidate,
  channel: ChannelName,
): Refusal | null {
  if (!reach.reachable.includes(channel)) return { channel, obstacle: 'address', reason: unreachable(channel) };
  if (!reachesPerson(policy, channel)) return null;
  const objection = objectionTo(reach, channel, transactional);
  if (objection) return { channel, obstacle: objection.cause, reason: objection.reason };
  const cap = capOn(policy, sent, { channel, transactional }, now);
  return cap && { channel, obstacle: 'cap', reason: cap.reason, roomAt: cap.roomAt };
}

/** The refusal by a cap that has room again before the others; null when none ever has. */
function soonestRoom(refusals: readonly Refusal[]): (Refusal & { readonly roomAt: number }) | null {
  const [soonest] = refusals
    .flatMap((refusal) => (refusal.roomAt == null ? [] : { ...refusal, roomAt: refusal.roomAt }))
    .sort((a, b) => a.roomAt - b.roomAt);
  return soonest ?? null;
}

/** A cap that is reached, and the messages that it counted. */
export interface ReachedCap {
  readonly reason: string;
  readonly counted: readonly SentRecord[];
  /** When it has room again if nothing is sent until then, epoch milliseconds; null for never. */
  readonly roomAt: number | null;
}

/** A message that caps may stop. */
interface Capped {
  readonly channel: ChannelName;
  readonly transactional: boolean;
}

/**
 * The cap that stops a further message.
 * @param now epoch milliseconds
 * @returns null when no cap is reached
 */
export function capOn(
  policy: Policy,
  sent: readonly SentRecord[],
  { channel, transactional }: Capped,
  now: number,
): ReachedCap | null {
  const { caps } = policy;
  const counted = sent.filter((message) => message.transactional === transactional);
  if (transactional) return capReached(caps.transactional, counted, now, 'transactional');
  const onChannel = counted.filter((message) => message.channel === channel);
  return capReached(capOf(policy, channel), onChannel, now, channel) ?? capReached(caps.total, counted, now, 'total');
}

function capReached(cap: Cap, sent: readonly SentRecord[], now: number, label: string): ReachedCap | null {
  for (const [span, spanMs] of [
    ['day', DAY_MS],
    ['week', CAP_HORIZON_MS],
  ] as const) {
    const most = cap[span];
    const counted = sent.filter(({ at }) => at > now - spanMs);
    if (counted.length >= most)
      return { reason: cappedReason(label, most, span), counted, roomAt: roomAt(counted, most, spanMs) };
  }
  return null;
}

/** When fewer than `most` of these messages are within the span: each leaves it after its length. */
function roomAt(counted: readonly SentRecord[], most: number, spanMs: number): number | null {
  const times = counted.map(({ at }) => at).sort((a, b) => a - b);
  const last = times[times.length - most];
  return last === undefined ? null : last + spanMs;
}

function quietEnd(policy: Policy, channel: ChannelName, zone: string, now: number): number | null {
  const quiet = policy.quietHours;
  return quiet && isQuiet(policy, channel) ? windowEnd(quiet, zone, now) : null;
}
