import type { Definitions } from '../definitions/definitions';
import { note, replaceRun, type Draft } from './draft';
import { enter } from './entry';
import { messageId, runId, runKey } from '../model/ids';
import { end } from '../replay/run';
import { decide } from '../policy/decide';
import { INTERNAL_PREFIX, keyOf, recorded } from './history';
import { CHANNELS, isOpen, type ChannelName, type UserEvent } from '../model/state';
import { zoneOf } from '../model/zone';

/** Internal event: enter a journey by hand. The journey's id follows. */
export const ENTER = `${INTERNAL_PREFIX}enter:`;
/** Internal event: take the user out of a journey. The journey's id follows. */
export const LEAVE = `${INTERNAL_PREFIX}leave:`;
/** Internal event: send one transactional message now. Properties: `template`, `channels`, `data`. */
export const MESSAGE = `${INTERNAL_PREFIX}message`;
/** Internal event: the user and another id have become one. Asks for nothing but a look. */
export const MERGED = `${INTERNAL_PREFIX}merged`;

/** Does what an event of our own asks for; such events come from the API, never from apps. */
export function applyCommand(
  definitions: Definitions,
  draft: Draft,
  event: UserEvent,
  logicalTime: number,
  wallTime: number,
): void {
  if (event.name.startsWith(ENTER)) enterByHand(definitions, draft, event, logicalTime);
  else if (event.name.startsWith(LEAVE)) leave(draft, event, logicalTime);
  else if (event.name === MESSAGE) sendNow(definitions, draft, event, wallTime);
}

function enterByHand({ journeys }: Definitions, draft: Draft, event: UserEvent, logicalTime: number): void {
  const journey = journeys.find(({ id }) => id === event.name.slice(ENTER.length));
  if (!journey)
    return note(draft, { journey: null, step: null, what: 'not entered', reason: 'unknown journey' }, logicalTime);
  const named =
    'event' in journey.enter
      ? journey.enter.event.name
      : journey.enter.kind === 'event'
        ? journey.enter.name
        : 'by hand';
  const trigger = { ...recorded(event), name: named };
  enter(draft, { journey, trigger, key: keyOf(journey, trigger) ?? null, since: event.at, byHand: true }, logicalTime);
}

function leave(draft: Draft, event: UserEvent, logicalTime: number): void {
  const journey = event.name.slice(LEAVE.length);
  const key = event.properties['key'];
  for (const run of draft.runs) {
    if (run.journey !== journey || !isOpen(run) || (typeof key === 'string' && run.key !== runKey(key))) continue;
    draft.cancelledRuns.add(run.id);
    replaceRun(draft, end({ draft, logicalTime }, run, 'exited', 'taken out by hand'));
  }
}

/** A message outside any journey. It has no run; the event it came with stands for one in the message's id. */
function sendNow({ policy }: Definitions, draft: Draft, event: UserEvent, wallTime: number): void {
  const { template, channels, data } = event.properties;
  const wanted = (Array.isArray(channels) ? channels : []).filter((channel): channel is ChannelName =>
    CHANNELS.includes(channel as ChannelName),
  );
  const run = runId(draft.id, 'api', null, event.id);
  const expiresAt = event.at + Math.max(0, ...wanted.map((channel) => policy.expiryMs[channel]));
  const verdict = decide(policy, {
    channels: wanted,
    transactional: true,
    expiresAt,
    addressBy: wallTime,
    reach: draft.reach,
    zone: zoneOf(draft.traits),
    sent: draft.memory.sent,
    now: wallTime,
  });
  if (verdict.channel === null || typeof template !== 'string') return;
  draft.messages.set(messageId(run, 'message'), {
    id: messageId(run, 'message'),
    runId: run,
    journey: 'api',
    step: 'message',
    channel: verdict.channel,
    template,
    status: verdict.kind === 'send' ? 'queued' : 'suppressed',
    reason: verdict.reason,
    data: data !== null && typeof data === 'object' && !Array.isArray(data) ? data : {},
    transactional: true,
    decidedAt: wallTime,
    expiresAt,
  });
  note(
    draft,
    { journey: 'api', step: 'message', what: verdict.kind === 'send' ? 'sent' : 'suppressed', reason: verdict.reason },
    wallTime,
  );
}
