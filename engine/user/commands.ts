import type { Journey } from '../authoring/journey';
import type { Definitions } from '../definitions/definitions';
import { INTERNAL_PREFIX } from '../model/activity';
import { forgetAtOf } from '../model/forget-at';
import { messageId, runId, runKey } from '../model/ids';
import { isOpen } from '../model/run';
import { CHANNEL_NAME } from '../model/channels';
import type { ChannelName, RecordedEvent, UserEvent } from '../model/state';
import { unreachableReason } from '../model/reach';
import { zoneOf } from '../model/zone';
import { expiryMsOf } from '../policy/channels';
import { decide } from '../policy/decide';
import { note, type Draft } from './draft';
import { enter, type Admission } from './entry';
import { end } from './exits';
import { keyOf, recorded } from './history';
import { enteringEvents } from './triggers';

/** Internal event: the user enters a journey by hand. The journey's id follows the prefix. */
export const ENTER = `${INTERNAL_PREFIX}enter:`;
/** Internal event: the user is taken out of a journey by hand. The journey's id follows the prefix. */
export const LEAVE = `${INTERNAL_PREFIX}leave:`;
/** Internal event: one transactional message is sent now. Properties: `template`, `channels`, `data`. */
export const MESSAGE = `${INTERNAL_PREFIX}message`;
/** Internal event: the user and another id were merged. It only causes an advance. */
export const MERGED = `${INTERNAL_PREFIX}merged`;
/** Internal event: the answer to a call. Properties: `run`, `step`, `result`, `facts`. The `call` step waits for it. */
export const CALLED = `${INTERNAL_PREFIX}called`;

/** The user a command is applied to, the definitions, and the wall time in epoch milliseconds. */
export interface CommandContext {
  readonly draft: Draft;
  readonly definitions: Definitions;
  readonly wallTime: number;
}

/**
 * Applies the command of an internal event. Such events come from the API and the worker, never from apps.
 * @param logicalTime epoch milliseconds
 */
export function applyCommand(context: CommandContext, event: UserEvent, logicalTime: number): void {
  if (event.name.startsWith(ENTER)) enterByHand(context, event, logicalTime);
  else if (event.name.startsWith(LEAVE)) leave(context.draft, event, logicalTime);
  else if (event.name === MESSAGE) sendNow(context, event);
}

function enterByHand(context: CommandContext, event: UserEvent, logicalTime: number): void {
  const { definitions, draft } = context;
  const journey = definitions.journeys.find(({ id }) => id === event.name.slice(ENTER.length));
  if (!journey)
    return note(draft, { journey: null, step: null, what: 'not entered', reason: 'unknown journey' }, logicalTime);
  const admission = admissionBy(journey, recorded(event));
  const { name, properties } = admission.trigger;
  const forgetAt = forgetAtOf(definitions.forget.get(name), properties, event.receivedAt, event.forgetAt ?? undefined);
  const trigger = { ...admission.trigger, ...(forgetAt && { forgetAt }) };
  enter(context, { ...admission, trigger, byHand: true }, logicalTime);
}

/**
 * The admission by something else than the trigger. To the journey it looks like its trigger, with other properties.
 * @param key the key of the run. Default: that of the event
 */
export function admissionBy(journey: Journey, event: RecordedEvent, key?: string): Admission {
  const trigger = { ...event, name: enteringEvents(journey)[0]?.name ?? 'by hand' };
  const known = key !== undefined && journey.key !== null ? runKey(key) : keyOf(journey, trigger);
  return { journey, trigger, key: known ?? null, since: event.at };
}

function leave(draft: Draft, event: UserEvent, logicalTime: number): void {
  const journey = event.name.slice(LEAVE.length);
  const key = event.properties['key'];
  for (const run of draft.runs) {
    if (run.journey !== journey || !isOpen(run) || (typeof key === 'string' && run.key !== runKey(key))) continue;
    draft.cancelledRuns.add(run.id);
    draft.runs.replace(end({ draft, logicalTime }, run, 'by hand', 'taken out by hand'));
  }
}

/** Sends a message outside any journey. Without a run, the id of the message is made from the id of the event. */
function sendNow({ definitions: { policy }, draft, wallTime }: CommandContext, event: UserEvent): void {
  const { template, channels, data } = event.properties;
  const wanted = (Array.isArray(channels) ? channels : []).filter(
    (channel): channel is ChannelName => typeof channel === 'string' && CHANNEL_NAME.test(channel),
  );
  const run = runId(draft.id, 'api', null, event.id);
  const expiresAt = event.at + Math.max(0, ...wanted.map((channel) => expiryMsOf(policy, channel)));
  const verdict = decide(policy, {
    channels: wanted,
    transactional: true,
    expiresAt,
    addressBy: wallTime,
    reach: draft.reach,
    unreachable: (channel) => unreachableReason(draft.traits, channel),
    zone: zoneOf(draft.traits),
    // Only the admin key can send it, so no flood of events may use up its cap.
    sent: [],
    now: wallTime,
  });
  if (verdict.channel === null || typeof template !== 'string') return;
  const sent = verdict.kind === 'send';
  draft.messages.set(messageId(run, 'message'), {
    id: messageId(run, 'message'),
    runId: run,
    journey: 'api',
    step: 'message',
    channel: verdict.channel,
    template,
    status: sent ? 'queued' : 'suppressed',
    ...(verdict.kind === 'suppress' && { cause: verdict.cause }),
    reason: verdict.reason,
    data: data !== null && typeof data === 'object' && !Array.isArray(data) ? data : {},
    transactional: true,
    decidedAt: wallTime,
    expiresAt,
  });
  const what = sent ? 'sent' : 'suppressed';
  note(draft, { journey: 'api', step: 'message', what, reason: verdict.reason }, wallTime);
}
