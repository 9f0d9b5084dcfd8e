import type { JsonObject } from '../model/json';
import type { ChannelName, Reach, SentRecord } from '../model/state';
import { windowEnd } from '../model/zone';
import type { Cap, Policy } from './define';

const DAY_MS = 86_400_000;
/** The longest span any cap looks back over. */
export const CAP_HORIZON_MS = 7 * DAY_MS;
/** How long after the first event of a person has arrived the one that brings their address may still be on its way. */
export const NEWCOMER_MS = 30_000;

const NO_ADDRESS = 'no address';
/** The reason of what a person doesn't want. */
export const NO_CONSENT = 'no consent';

/** Has the person refused a channel? It holds for everything but transactional messages, and until the last attempt at one. */
export function refuses(consent: Reach['consent'], channel: ChannelName): boolean {
  return consent[channel] === false;
}

/** A message that wants to go out, and what is known of its receiver. */
export interface Candidate {
  readonly channels: readonly ChannelName[];
  readonly transactional: boolean;
  readonly expiresAt: number;
  /** Until when an address that is missing may still be on its way. */
  readonly addressBy: number;
  readonly reach: Reach;
  readonly zone: string;
  readonly sent: readonly SentRecord[];
  readonly now: number;
}

/** What the policy says, why, and the facts it looked at. */
export type Verdict =
  | { readonly kind: 'send'; readonly channel: ChannelName; readonly reason: string; readonly facts: JsonObject }
  | {
      readonly kind: 'hold';
      readonly channel: ChannelName;
      readonly until: number;
      readonly reason: string;
      readonly facts: JsonObject;
    }
  | {
      readonly kind: 'suppress';
      readonly channel: ChannelName | null;
      readonly reason: string;
      readonly facts: JsonObject;
    };

/**
 * Decides about one message, in this order: expiry, then for each listed channel address, consent and caps (the first
 * that passes is taken), then quiet hours. Transactional messages need an address and are not expired; nothing else stops them.
 * For a newcomer without any address the message is held until it should have come.
 */
export function decide(policy: Policy, candidate: Candidate): Verdict {
  const { now, zone } = candidate;
  if (now > candidate.expiresAt)
    return {
      kind: 'suppress',
      channel: candidate.channels[0] ?? null,
      reason: 'expired',
      facts: { expiresAt: candidate.expiresAt },
    };
  const obstacles: [ChannelName, string][] = [];
  for (const channel of candidate.channels) {
    const obstacle = obstacleOf(policy, candidate, channel);
    if (obstacle) {
      obstacles.push([channel, obstacle]);
      continue;
    }
    const quietUntil = candidate.transactional ? null : quietEnd(policy, channel, zone, now);
    const facts = { ...Object.fromEntries(obstacles), zone };
    if (quietUntil === null)
      return { kind: 'send', channel, reason: candidate.transactional ? 'transactional' : 'allowed', facts };
    if (quietUntil > candidate.expiresAt) return { kind: 'suppress', channel, reason: 'expires in quiet hours', facts };
    return { kind: 'hold', channel, until: quietUntil, reason: 'quiet hours', facts };
  }
  const facts = Object.fromEntries(obstacles);
  const until = candidate.addressBy;
  const [first] = obstacles;
  if (first && now < until && until <= candidate.expiresAt && obstacles.every(([, why]) => why === NO_ADDRESS))
    return { kind: 'hold', channel: first[0], until, reason: 'no address yet', facts };
  const [channel, reason] = obstacles.at(-1) ?? [null, 'no channel'];
  return { kind: 'suppress', channel, reason, facts };
}

function obstacleOf(
  policy: Policy,
  { reach, transactional, sent, now }: Candidate,
  channel: ChannelName,
): string | null {
  if (!reach.reachable.includes(channel)) return NO_ADDRESS;
  if (transactional) return null;
  if (refuses(reach.consent, channel)) return NO_CONSENT;
  return capOn(policy, sent, channel, now)?.reason ?? null;
}

/** A cap that is reached, and the messages it counted. */
export interface ReachedCap {
  readonly reason: string;
  readonly counted: readonly SentRecord[];
}

/** The cap that lets nothing more through a channel at a moment, epoch milliseconds; null for none. */
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
