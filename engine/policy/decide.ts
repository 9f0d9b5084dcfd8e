import type { JsonObject } from '../model/json';
import type { ChannelName, Obstacle, Reach, SentRecord, SuppressCause } from '../model/state';
import { windowEnd } from '../model/zone';
import type { Cap, Policy } from './define';

const DAY_MS = 86_400_000;
/** The longest span any cap looks back over. */
export const CAP_HORIZON_MS = 7 * DAY_MS;
/** How long after a person's first event the event that brings their address may still be on its way. */
export const NEWCOMER_MS = 30_000;

/** The reason shown for a message on a channel the person opted out of. */
export const NO_CONSENT = 'no consent';

/** Has the person opted out of a channel? This holds for everything but transactional messages, up to the last attempt. */
export function refuses(consent: Reach['consent'], channel: ChannelName): boolean {
  return consent[channel] === false;
}

/** A message that wants to go out, and what is known of the person it is for. */
export interface Candidate {
  readonly channels: readonly ChannelName[];
  readonly transactional: boolean;
  readonly expiresAt: number;
  /** Until when a missing address may still arrive, epoch milliseconds. */
  readonly addressBy: number;
  readonly reach: Reach;
  readonly zone: string;
  readonly sent: readonly SentRecord[];
  readonly now: number;
}

/** What the policy says, why, and the facts it looked at. Reasons and facts are for people; code reads the other fields. */
export type Verdict = {
  readonly reason: string;
  readonly facts: JsonObject;
  /** What kept the message from each channel it could not take. */
  readonly obstacles: Readonly<Partial<Record<ChannelName, Obstacle>>>;
} & (
  | { readonly kind: 'send'; readonly channel: ChannelName }
  | {
      readonly kind: 'hold';
      readonly channel: ChannelName;
      /** What the message waits for, and when it is decided again, epoch milliseconds. */
      readonly hold: 'quiet hours' | 'address';
      readonly until: number;
    }
  | { readonly kind: 'suppress'; readonly channel: ChannelName | null; readonly cause: SuppressCause }
);

/** Why a message can't take a channel. */
interface Refusal {
  readonly channel: ChannelName;
  readonly obstacle: Obstacle;
  readonly reason: string;
}

/**
 * Decides about one message, in this order: expiry; then for each listed channel address, consent and caps, of which the first
 * channel that passes is taken; then quiet hours. A transactional message needs an address and must not be expired; nothing
 * else stops it. Where a newcomer has no address at all, the message is held until it should have arrived.
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
      ? { kind: 'suppress', ...found, cause: 'quiet hours', reason: 'expires in quiet hours' }
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
  const last = refusals.at(-1);
  if (!last) return { kind: 'suppress', channel: null, ...found, cause: 'no channel', reason: 'no channel' };
  const { channel, obstacle: cause, reason } = last;
  return { kind: 'suppress', channel, ...found, cause, reason };
}

function reasonsOf(refusals: readonly Refusal[]): Record<string, string> {
  return Object.fromEntries(refusals.map(({ channel, reason }) => [channel, reason]));
}

function obstaclesOf(refusals: readonly Refusal[]): Verdict['obstacles'] {
  return Object.fromEntries(refusals.map(({ channel, obstacle }) => [channel, obstacle]));
}

function refusalOf(
  policy: Policy,
  { reach, transactional, sent, now }: Candidate,
  channel: ChannelName,
): Refusal | null {
  if (!reach.reachable.includes(channel)) return { channel, obstacle: 'address', reason: 'no address' };
  if (transactional) return null;
  if (refuses(reach.consent, channel)) return { channel, obstacle: 'consent', reason: NO_CONSENT };
  const cap = capOn(policy, sent, channel, now);
  return cap && { channel, obstacle: 'cap', reason: cap.reason };
}

/** A cap that is reached, and the messages it counted. */
export interface ReachedCap {
  readonly reason: string;
  readonly counted: readonly SentRecord[];
}

/**
 * The cap that lets nothing more through a channel; null for none.
 * @param now epoch milliseconds
 */
export function capOn(
  { caps }: Policy,
  sent: readonly SentRecord[],
  channel: ChannelName,
  now: number,
): ReachedCap | null {
  const counted = sent.filter((message) => !message.transactional);
  const onChannel = counted.filter((message) => message.channel === channel);
  return capReached(caps[channel], onChannel, now, channel) ?? capReached(caps.total, counted, now, 'total');
}

function capReached(cap: Cap, sent: readonly SentRecord[], now: number, label: string): ReachedCap | null {
  const inDay = sent.filter(({ at }) => at > now - DAY_MS);
  if (inDay.length >= cap.day) return { reason: `capped: ${label} ${cap.day} a day`, counted: inDay };
  const inWeek = sent.filter(({ at }) => at > now - CAP_HORIZON_MS);
  if (inWeek.length >= cap.week) return { reason: `capped: ${label} ${cap.week} a week`, counted: inWeek };
  return null;
}

function quietEnd(policy: Policy, channel: ChannelName, zone: string, now: number): number | null {
  const quiet = policy.quietHours;
  return quiet?.channels.includes(channel) ? windowEnd(quiet, zone, now) : null;
}
