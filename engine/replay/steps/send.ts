import { toMs } from '../../model/duration';
import { listedChannels, rememberSent } from '../../user/draft';
import { contentId, messageId } from '../../model/ids';
import type { SendOptions, SendOutcome } from '../../authoring/journey';
import { copyOf, type Json } from '../../model/json';
import { CAP_HORIZON_MS, decide, NEWCOMER_MS, type Verdict } from '../../policy/decide';
import type { ChannelName, Message, StepRecord } from '../../model/state';
import { zoneOf } from '../../model/zone';
import { CATCHING_UP, type Progress, type StepContext, type StepHandler } from './handler';

type Templates = Partial<Record<ChannelName, string>>;

/** Sends one message by the first listed channel that can reach the user, when the policy lets it. */
export function send(templates: Templates, options: SendOptions): StepHandler<SendOutcome> {
  return {
    kind: 'send',
    progress: (context, record) => progress(context, record, templates, options),
    skip: () => ({ outcome: { status: 'skipped', channel: null, reason: 'behind the position' } }),
    answer: outcomeOf,
  };
}

function progress(context: StepContext, record: StepRecord, templates: Templates, options: SendOptions): Progress {
  const { draft, definitions, journey, logicalTime, wallTime } = context;
  // Held is held: only the end of the quiet hours or a new policy makes us think again, not whatever else happens meanwhile.
  if (record.until !== null && logicalTime < record.until && !context.edited)
    return { waiting: { until: record.until, reason: record.reason, facts: record.facts } };
  // What is late is not sent in the past: the moment of sending is the present, and what follows counts from there.
  // Nor before all that is pending was looked at.
  if (logicalTime < wallTime || draft.history.until !== undefined)
    return { waiting: { until: Math.max(wallTime, logicalTime + 1), reason: CATCHING_UP } };
  const channels = listedChannels(templates);
  const transactional = options.transactional ?? journey.transactional;
  const expiresAt = record.enteredAt + expiryMs(context, channels, options);
  const verdict = decide(definitions.policy, {
    channels,
    transactional,
    expiresAt,
    addressBy: (draft.memory.metAt ?? draft.createdAt) + NEWCOMER_MS,
    reach: draft.reach,
    zone: zoneOf(draft.traits),
    sent: draft.memory.sent,
    now: logicalTime,
  });
  const message = describe(context, verdict, templates, options, transactional, expiresAt);
  if (message) draft.messages.set(message.id, message);
  const { reason, facts } = verdict;
  if (verdict.kind === 'hold') return { waiting: { until: verdict.until, reason, facts } };
  if (verdict.kind === 'send')
    rememberSent(draft, { at: logicalTime, channel: verdict.channel, transactional }, CAP_HORIZON_MS);
  const outcome = { status: verdict.kind === 'send' ? 'sent' : 'suppressed', channel: verdict.channel, reason };
  return { done: { outcome, reason, facts, ...(message && { content: contentId(message.template, message.data) }) } };
}

function expiryMs({ definitions }: StepContext, channels: readonly ChannelName[], { expires }: SendOptions): number {
  if (expires !== undefined) return toMs(expires);
  return Math.max(0, ...channels.map((channel) => definitions.policy.expiryMs[channel]));
}

function describe(
  { journey, run, step, logicalTime }: StepContext,
  verdict: Verdict,
  templates: Templates,
  { data = {} }: SendOptions,
  transactional: boolean,
  expiresAt: number,
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
    reason: verdict.reason,
    data: copyOf(data),
    transactional,
    decidedAt: logicalTime,
    expiresAt,
  };
}

/** What became of a message, as recorded. */
export function outcomeOf(outcome: Json): SendOutcome {
  const { status, channel, reason } = (outcome ?? {}) as Partial<SendOutcome>;
  return { status: status ?? 'skipped', channel: channel ?? null, reason: reason ?? 'the step was of another kind' };
}
