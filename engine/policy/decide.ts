import type { JsonObject } from '../model/json';
import type { ChannelName, Hold, Obstacle, SuppressCause } from '../model/state';
import type { Candidate } from './candidate';
import { reachesPerson } from './channels';
import type { Policy } from './define';
import { PASS, type Asked, type Finding, type Foreseen, type Refusal, type Rule } from './rule';
import { RULES } from './rules';

/** How long after a user's first event their address may still arrive, milliseconds. */
export const NEWCOMER_MS = 30_000;

/** The policy's decision about a message. `reason` and `facts` are for people; code reads the other fields. */
export type Verdict = {
  readonly reason: string;
  readonly facts: JsonObject;
  /** Why the message could not take each of the channels that were tried in vain. */
  readonly obstacles: Readonly<Partial<Record<ChannelName, Obstacle>>>;
  /** Every rule that was asked, in order, with what it said. */
  readonly asked: readonly Asked[];
} & (
  | { readonly kind: 'send'; readonly channel: ChannelName }
  | {
      readonly kind: 'hold';
      readonly channel: ChannelName;
      /** What the message waits for. */
      readonly hold: Hold;
      /** When the message is decided again, epoch milliseconds. */
      readonly until: number;
    }
  | { readonly kind: 'suppress'; readonly channel: ChannelName | null; readonly cause: SuppressCause }
);

/** A refused channel. */
type Refused = Refusal & { readonly channel: ChannelName };

const EXPIRED = 'expired';

/**
 * Decides one message, in this order:
 * 1. A message that has expired is suppressed.
 * 2. Each listed channel is asked about, by the rules in `rules/`. The first one that no rule refuses is taken.
 * 3. If a rule holds the message on that channel, it is held until then, or suppressed if it would expire before.
 *
 * A channel whose messages do not go to the person needs an address only. A transactional message is asked only the rules that are for it. If no listed channel has an address, the message is held until
 * `addressBy`, and suppressed after that. `ifCapped` says what becomes of a message that a cap keeps from a channel.
 */
export function decide(policy: Policy, candidate: Candidate): Verdict {
  const { now, zone, channels, transactional, expiresAt } = candidate;
  const asked: Asked[] = [];
  if (now > expiresAt) {
    const [channel = null] = channels;
    const facts = { expiresAt };
    return { kind: 'suppress', channel, cause: 'expired', reason: EXPIRED, facts, obstacles: {}, asked };
  }
  const refused: Refused[] = [];
  for (const channel of channels) {
    const finding = firstAgainst(policy, candidate, channel, asked);
    if (finding.says === 'refuse') {
      refused.push({ channel, ...finding });
      if (finding.obstacle === 'cap' && candidate.ifCapped === 'suppress') break;
      continue;
    }
    const found = { channel, facts: { ...reasonsOf(refused), zone }, obstacles: obstaclesOf(refused), asked };
    if (finding.says === 'pass') return { kind: 'send', ...found, reason: transactional ? 'transactional' : 'allowed' };
    const { hold, reason, tooLate } = finding;
    const until = openAt(policy, candidate, channel, finding.until, asked);
    return until > expiresAt
      ? { kind: 'suppress', ...found, ...tooLate }
      : { kind: 'hold', ...found, hold, until, reason };
  }
  const found = { facts: reasonsOf(refused), obstacles: obstaclesOf(refused), asked };
  return { ...found, ...withoutChannel(candidate, refused) };
}

/** Every reason for which a message on these channels can be suppressed. */
export function suppressReasons(policy: Policy, channels: readonly ChannelName[], message: Foreseen): string[] {
  const reasons = channels.flatMap((channel) =>
    RULES.filter((rule) => isAsked(rule, policy, channel, message)).flatMap((rule) =>
      rule.reasons(policy, channel, message),
    ),
  );
  return [...new Set([EXPIRED, ...reasons])];
}

function isAsked(rule: Rule, policy: Policy, channel: ChannelName, message: Foreseen): boolean {
  if (!rule.toOthers && !reachesPerson(policy, channel)) return false;
  return (rule.transactional || !message.transactional) && (rule.concerns?.(policy, channel, message) ?? true);
}

/** Asks about a channel until a rule refuses it or holds the message. Each answer is added to `asked`. */
function firstAgainst(policy: Policy, candidate: Candidate, channel: ChannelName, asked: Asked[]): Finding {
  for (const rule of RULES) {
    if (!isAsked(rule, policy, channel, candidate)) continue;
    const finding = rule.ask(policy, candidate, channel);
    asked.push({ rule: rule.name, channel, finding });
    if (finding.says !== 'pass') return finding;
  }
  return PASS;
}

/** The most windows that may follow each other before a message is let through. */
const MOST_WINDOWS = 400;

/** When no rule about the hour holds the message any more, epoch milliseconds. It may be any time after the message expires. */
function openAt(policy: Policy, candidate: Candidate, channel: ChannelName, from: number, asked: Asked[]): number {
  const rules = RULES.filter((rule) => rule.byTime && isAsked(rule, policy, channel, candidate));
  let now = from;
  for (let round = 0; round < MOST_WINDOWS && now <= candidate.expiresAt; round++) {
    const held = rules
      .map((rule) => ({ rule: rule.name, channel, finding: rule.ask(policy, { ...candidate, now }, channel) }))
      .filter(({ finding }) => finding.says === 'hold');
    if (held.length === 0) break;
    asked.push(...held.filter(({ rule }) => !asked.some((one) => one.rule === rule && one.channel === channel)));
    now = Math.max(...held.map(({ finding }) => (finding.says === 'hold' ? finding.until : now)));
  }
  return now;
}

type WithoutChannel =
  | Pick<Verdict & { kind: 'hold' }, 'kind' | 'channel' | 'hold' | 'until' | 'reason'>
  | Pick<Verdict & { kind: 'suppress' }, 'kind' | 'channel' | 'cause' | 'reason'>;

/** What becomes of a message that is refused on every channel. */
function withoutChannel(
  { now, addressBy, expiresAt, ifCapped }: Candidate,
  refused: readonly Refused[],
): WithoutChannel {
  const [first] = refused;
  const mayArrive = now < addressBy && addressBy <= expiresAt;
  if (first && mayArrive && refused.every(({ obstacle }) => obstacle === 'address'))
    return { kind: 'hold', channel: first.channel, hold: 'address', until: addressBy, reason: 'no address yet' };
  const capped = ifCapped === 'hold' ? soonestRoom(refused) : null;
  if (capped && capped.roomAt <= expiresAt)
    return { kind: 'hold', channel: capped.channel, hold: 'cap', until: capped.roomAt, reason: capped.reason };
  const last = refused.at(-1);
  if (!last) return { kind: 'suppress', channel: null, cause: 'no channel', reason: 'no channel' };
  return { kind: 'suppress', channel: last.channel, cause: last.obstacle, reason: last.reason };
}

function reasonsOf(refused: readonly Refused[]): Record<string, string> {
  return Object.fromEntries(refused.map(({ channel, reason }) => [channel, reason]));
}

function obstaclesOf(refused: readonly Refused[]): Verdict['obstacles'] {
  return Object.fromEntries(refused.map(({ channel, obstacle }) => [channel, obstacle]));
}

/** The refusal that passes before the others; null when none ever does. */
function soonestRoom(refused: readonly Refused[]): (Refused & { readonly roomAt: number }) | null {
  const [soonest] = refused
    .flatMap((refusal) => (refusal.roomAt == null ? [] : { ...refusal, roomAt: refusal.roomAt }))
    .sort((a, b) => a.roomAt - b.roomAt);
  return soonest ?? null;
}
