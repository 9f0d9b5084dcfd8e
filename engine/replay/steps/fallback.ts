import { z } from 'zod';
import { anyOf, type EventDefinition } from '../../authoring/event';
import { exampleOf } from '../../authoring/example';
import { fields } from '../../authoring/fields';
import type { Fallback, SendOptions, SendOutcome } from '../../authoring/journey';
import { duration } from '../../authoring/json-fields';
import { answered, clicked, seen } from '../../authoring/message-events';
import { bounced, delivered, failed, opened, replied } from '../../authoring/receipt-events';
import { optionMs } from '../../model/duration';
import type { ChannelName, RecordedEvent } from '../../model/state';
import { listedChannels } from '../../user/draft';
import { send, type InnerOptions, type MessageTemplates } from './send';
import { outlinedOutcome, sendOutcome, SENT } from './send-outcome';
import type { StepCall } from './step-type';
import { waitFor } from './wait-for';
import { eventsIn } from './wanted';

/*
 * A `send` with `fallback` is made of several steps: the message by the first channel, a wait for a sign that it was noticed, the message
 * by the next channel, and so on.
 */

type Named = (step: string) => EventDefinition<unknown>;

const SEEN: Named = (step) => seen.where({ step });
const CLICKED: readonly Named[] = [clicked, (step) => answered.where({ step }), replied];
const OPENED: readonly Named[] = [opened, SEEN, ...CLICKED];

/** The events that show that a message was noticed. Whoever clicks has also opened, and what was opened was delivered. */
const SIGNS: Readonly<Record<Fallback['unless'], readonly Named[]>> = {
  delivered: [delivered, ...OPENED],
  opened: OPENED,
  clicked: CLICKED,
};

/** The events of a message that nobody will get. */
const FAILURES: readonly Named[] = [failed, (step) => bounced.where({ step, permanent: true })];
const FAILURE_NAMES: readonly string[] = [failed.name, bounced.name];

/** What is added to the name of a message for the wait for its signs. */
const NOTICED = ': noticed';

/** The name of the message that follows the one by this channel. It does not depend on what other channels are listed. */
function nameAfter(step: string, channel: string): string {
  return `${step}: after ${channel}`;
}

/** What may follow the name of the step in the names of its steps, as patterns. */
export const FALLBACK_SUFFIXES: readonly string[] = [NOTICED, ': after \\S+', `: after \\S+${NOTICED}`];

/** The names of the steps that a message by these channels, in this order, may be made of. */
export function fallbackNames(step: string, channels: readonly string[]): readonly string[] {
  const followed = channels.slice(0, -1);
  const messages = [step, ...followed.map((channel) => nameAfter(step, channel))];
  return [...messages, ...messages.slice(0, followed.length).map((message) => message + NOTICED)];
}

/** What became of a message. */
export interface Handed {
  readonly outcome: SendOutcome;
  /** The channel that took it; null when none did. */
  readonly by: ChannelName | null;
}

export function handed(outcome: SendOutcome): Handed {
  return { outcome, by: outcome.status === SENT ? outcome.channel : null };
}

/** A message and what it needs. */
export type Sending = readonly [templates: MessageTemplates, options: Omit<SendOptions, 'fallback'> & InnerOptions];

/** The steps that a message with a fallback is made of. */
interface Parts {
  message(step: string, sending: Sending): Promise<Handed>;
  /** Waits until one of the messages of these steps is noticed. Returns false when the time is up, or the last of them has failed. */
  noticed(step: string, sent: SentSteps): Promise<boolean>;
}

/** The names of steps whose messages have gone out, the last of them at the end. */
export type SentSteps = readonly [string, ...string[]];

/**
 * Sends a message by one channel after another, until one of the messages is noticed.
 * @returns the outcome of the last message that went out, of the first one if none did; and the name of its step
 */
export async function sendInTurn(
  parts: Parts,
  step: string,
  templates: MessageTemplates,
  { fallback, ...options }: SendOptions & { readonly fallback: Fallback },
): Promise<{ readonly step: string; readonly outcome: SendOutcome }> {
  let { outcome, by } = await parts.message(step, [templates, options]);
  let sent: SentSteps = [step];
  let left = templates;
  while (by !== null) {
    left = listedAfter(left, by);
    const last = sent[sent.length - 1] ?? step;
    if (listedChannels(left).length === 0 || (await parts.noticed(last + NOTICED, sent))) break;
    const name = nameAfter(step, by);
    const next = await parts.message(name, [left, { ...options, unless: signs(sent, fallback) }]);
    if (next.by === null) break;
    ({ outcome, by } = next);
    sent = [...sent, name];
  }
  return { step: sent[sent.length - 1] ?? step, outcome };
}

/** The templates of the channels that are listed after this one. */
function listedAfter(templates: MessageTemplates, channel: ChannelName): MessageTemplates {
  const listed = listedChannels(templates);
  const after = listed.slice(listed.indexOf(channel) + 1);
  return Object.fromEntries(after.map((one) => [one, templates[one] ?? '']));
}

function signs(sent: SentSteps, { unless }: Fallback): EventDefinition<unknown>[] {
  return sent.flatMap((step) => SIGNS[unless].map((sign) => sign(step)));
}

/**
 * One of the messages. In an outline the first channel takes it.
 * @throws {TypeError} when the fallback is not one
 */
export function messageInTurn([templates, options]: Sending, fallback: Fallback): StepCall<Handed> {
  requireFallback(fallback);
  return {
    ...send(templates, options),
    answer: (outcome) => handed(sendOutcome(outcome)),
    outlined: (choose) => ({ outcome: outlinedOutcome(choose), by: listedChannels(templates)[0] ?? null }),
  };
}

/** The wait for a sign. Later waits of the run may still use its event. */
export function noticed(sent: SentSteps, fallback: Fallback): StepCall<boolean> {
  const last = sent[sent.length - 1] ?? '';
  const awaited = anyOf(...signs(sent, fallback), ...FAILURES.map((failure) => failure(last)));
  const [sign, failure] = exampleSigns(last, null, fallback);
  return {
    ...waitFor(awaited, waiting(fallback)),
    answer: (outcome) => isNoticed(eventsIn(outcome)[0]),
    branches: () => [
      [fallback.unless, { ...exampleOf(sign) }],
      [FAILED, { ...exampleOf(failure) }],
      ['timeout', null],
    ],
  };
}

const FAILED = 'failed';

/** What the ways out of the wait are called. */
export const noticedLabels = ({ unless }: Fallback): readonly string[] => [unless, FAILED];

/** An event that stands for every sign, and one for every failure, so that a diagram has one way for each. */
export function exampleSigns(
  step: string,
  by: ChannelName | null,
  { unless }: Fallback,
): readonly [sign: EventDefinition<unknown>, failure: EventDefinition<unknown>] {
  const [first = clicked] = SIGNS[unless];
  const sign = by === 'inApp' && unless !== 'clicked' ? SEEN : first;
  return [sign(step), failed(step)];
}

export function isNoticed(event: Pick<RecordedEvent, 'name'> | null | undefined): boolean {
  return event ? !FAILURE_NAMES.includes(event.name) : false;
}

export const waiting = ({ after }: Fallback) => ({ within: after, leaves: true }) as const;

/** The error shows in the Temporal UI, so it does not repeat the value. */
function requireFallback({ unless, after }: Fallback): void {
  optionMs('fallback.after', after);
  if (!Object.hasOwn(SIGNS, unless))
    throw new TypeError("Expected fallback.unless: 'delivered', 'opened' or 'clicked'.");
}

export const fallbackForm = fields({
  unless: z.enum(['delivered', 'opened', 'clicked']).meta({
    description:
      'A message that was noticed in this way needs no other one. A message in the app is opened when the user has seen it',
  }),
  after: duration.meta({ description: 'How long a message has for that, from when it is sent' }),
});
