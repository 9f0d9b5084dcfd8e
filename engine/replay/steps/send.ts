import type { EventDefinition } from '../../authoring/event';
import type { SendOptions, SendOutcome } from '../../authoring/journey';
import { optionMs, toMs, type Duration } from '../../model/duration';
import { messageId } from '../../model/ids';
import { unreachableReason } from '../../model/reach';
import type { ChannelName, Message, WaitingRecord } from '../../model/state';
import type { Candidate } from '../../policy/candidate';
import { expiryMsOf, reachesPerson } from '../../policy/channels';
import { capHorizonMs, sentRecord } from '../../policy/caps';
import { TOPIC_HORIZON_MS } from '../../policy/rules/topic';
import { topicOfMessage } from '../../topics/everyone';
import { decide, NEWCOMER_MS, type Verdict } from '../../policy/decide';
import { personalFacts } from '../../policy/person';
import { keptOf } from '../../policy/trace';
import { listedChannels, rememberSent } from '../../user/draft';
import type { StepContext } from '../context';
import { expectedBefore, keepsPlace } from '../expected';
import { awaiting, hasCome, notNeeded } from './not-needed';
import { contentOf, dataOf, fingerprintOf } from './send-data';
import { outlinedOutcome, sendOutcome, SENT } from './send-outcome';
import type { Progress, StepCall } from './step-type';

/** The template for each channel, in the order to try. */
export type MessageTemplates = Partial<Record<ChannelName, string>>;

/**
 * Sends one message by the first listed channel that can reach the user, as the policy decides.
 * @throws {TypeError} when `expires` is not a duration
 */
export function send(
  templates: MessageTemplates,
  options: Omit<SendOptions, 'fallback'> & InnerOptions,
): StepCall<SendOutcome> {
  const expiresMs = options.expires === undefined ? null : optionMs('expires', options.expires);
  return {
    kind: 'send',
    text: Object.values(templates).join(', '),
    message: contentOf(templates, options),
    heldByPause: true,
    progress: (context, record) => progress(context, record, { templates, expiresMs, ...options }),
    skip: () => ({ outcome: { status: 'skipped', channel: null, reason: 'behind the position' } }),
    answer: sendOutcome,
    branches: () => [[SENT, { status: SENT, channel: listedChannels(templates)[0] ?? null, reason: 'allowed' }]],
    outlined: outlinedOutcome,
  };
}

/** What a step that is made of others asks of its messages. */
export interface InnerOptions {
  /** If any of these events of the run comes before the message goes out, it is not sent. */
  readonly unless?: readonly EventDefinition<unknown>[];
  /** The message may be sent, and the app shows it, for at least this long. */
  readonly lasts?: Duration;
}

interface Sending extends Omit<SendOptions, 'expires' | 'fallback'>, InnerOptions {
  readonly templates: MessageTemplates;
  /** Milliseconds; null for the policy's own. */
  readonly expiresMs: number | null;
}

function progress(context: StepContext, record: WaitingRecord, sending: Sending): Progress {
  const { templates, unless } = sending;
  const { draft, definitions, journey, logicalTime, wallTime } = context;
  const isNeeded = !unless || !hasCome(context, unless);
  // A held message is decided again only at the end of its hold or under other definitions. Other events do not matter.
  if (isNeeded && record.until !== null && logicalTime < record.until && !context.edited) {
    const { until, reason, facts, hold, awaits, narrowed, holds, asked } = record;
    const same = {
      ...(narrowed && { narrowed }),
      ...(hold && { hold }),
      ...(holds && { holds }),
      ...(asked && { asked }),
    };
    return { waiting: { until, reason, facts, awaits, ...same } };
  }
  // A message is never sent in the past. A late one is decided at wall time, and the steps after it count from there. It also
  // waits until all pending events have been seen.
  if (logicalTime < wallTime || draft.history.until !== undefined)
    return { waiting: { until: Math.max(wallTime, logicalTime + 1), reason: 'catching up', hold: 'catching up' } };
  const channels = listedChannels(templates);
  const transactional = sending.transactional ?? journey.transactional;
  const topic = sending.topic ?? journey.topic;
  const inTopic = topic !== undefined && { topic };
  const { keptUntil, ...kept } = dataOf(context, sending);
  const expiresAt = Math.min(record.enteredAt + lifetimeMs(context, channels, sending), keptUntil);
  const candidate: Candidate = {
    channels,
    transactional,
    ...(topic !== undefined && { topic: topicOfMessage(definitions.topics, topic) }),
    expiresAt,
    addressBy: (draft.memory.metAt ?? draft.createdAt) + NEWCOMER_MS,
    reach: draft.reach,
    unreachable: (channel) => unreachableReason(draft.traits, channel),
    ...personalFacts(definitions.policy, draft.traits),
    journey: journey.id,
    sent: draft.memory.sent,
    expected: expectedBefore(context),
    ifCapped: sending.ifCapped,
    now: logicalTime,
  };
  const verdict = isNeeded ? decide(definitions.policy, candidate) : notNeeded(channels);
  const message = describe(context, verdict, sending, {
    transactional,
    ...inTopic,
    expiresAt,
    ...kept,
  });
  if (message) draft.messages.set(message.id, message);
  const { reason, facts, obstacles } = verdict;
  const asked = verdict.asked.length > 0 && { asked: keptOf(verdict.asked) };
  if (verdict.kind === 'hold')
    return {
      waiting: {
        until: verdict.until,
        reason,
        facts,
        hold: verdict.hold,
        ...(!transactional && keepsPlace(context) && { holds: { channel: verdict.channel, ...inTopic } }),
        ...asked,
        ...(unless && awaiting(unless)),
      },
    };
  if (verdict.kind === 'send' && reachesPerson(definitions.policy, verdict.channel)) {
    const { policy } = definitions;
    const counted = { channel: verdict.channel, transactional, journey: journey.id, ...inTopic };
    rememberSent(draft, sentRecord(policy, counted, logicalTime), Math.max(capHorizonMs(policy), TOPIC_HORIZON_MS));
  }
  const outcome = { status: verdict.kind === 'send' ? 'sent' : 'suppressed', channel: verdict.channel, reason };
  return { done: { outcome, reason, facts, obstacles, ...asked, ...(message && fingerprintOf(message)) } };
}

/** How long after the step is entered the message may be sent. */
function lifetimeMs(
  { definitions }: StepContext,
  channels: readonly ChannelName[],
  { expiresMs, lasts }: Sending,
): number {
  if (expiresMs !== null) return expiresMs;
  const least = lasts === undefined ? 0 : toMs(lasts);
  return Math.max(least, ...channels.map((channel) => expiryMsOf(definitions.policy, channel)));
}

function describe(
  { journey, run, step, turn, logicalTime }: StepContext,
  verdict: Verdict,
  { templates, slot, reopen = false, while: lasts }: Sending,
  shape: Pick<Message, 'transactional' | 'topic' | 'expiresAt' | 'data' | 'forgetAt'>,
): Message | null {
  if (verdict.channel === null) return null;
  return {
    id: messageId(run.id, step),
    runId: run.id,
    journey: journey.id,
    step,
    channel: verdict.channel,
    template: templates[verdict.channel] ?? '',
    status: ({ send: 'queued', hold: 'held', suppress: 'suppressed' } as const)[verdict.kind],
    ...(verdict.kind === 'hold' && { hold: verdict.hold }),
    ...(verdict.kind === 'suppress' && { cause: verdict.cause }),
    reason: verdict.reason,
    ...(verdict.channel === 'inApp' &&
      slot !== undefined && { card: { slot, key: run.key, ...(reopen && { reopen }), turn } }),
    ...(verdict.channel === 'inApp' && lasts === 'inside' && { whileInside: true as const }),
    ...shape,
    decidedAt: logicalTime,
  };
}
