import { z } from 'zod';
import { anyOf } from '../../authoring/event';
import { exampleOf } from '../../authoring/example';
import { ANY_CHANNEL, givenChannel } from '../../authoring/channel-fields';
import { fields } from '../../authoring/fields';
import type { AskOptions, AwayMessage, Question, SendOptions, WaitOptions } from '../../authoring/journey';
import { duration, stepName } from '../../authoring/json-fields';
import { answered, seen } from '../../authoring/message-events';
import { QUESTION_TEMPLATE, questionChoices, questionText, type AskedQuestion } from '../../authoring/question';
import { optionMs, type Duration } from '../../model/duration';
import type { JsonObject } from '../../model/json';
import { localized } from '../../model/localized';
import { getOwn } from '../../model/own-property';
import { channelName } from '../../model/channel-name';
import type { ChannelName } from '../../model/channels';
import { send, type InnerOptions, type MessageTemplates } from './send';
import { templateName } from './send-type';
import type { Branch, CompositeType, StepCall, StepForm } from './step-type';
import { waitFor, type InnerWaitOptions } from './wait-for';
import { choiceIn, eventsIn } from './wanted';

/** The steps that a question is made of, in order. The one that asks has the name of the question. */
interface Parts<Value extends string> {
  question(): Promise<unknown>;
  /** Waits until the person has seen the question. Returns null when they have not. */
  seen(within: Duration): Promise<unknown>;
  /** Asks by another channel. */
  away(message: AwayMessage): Promise<unknown>;
  answer(): Promise<Value | null>;
}

/** What follows the name of the question in the names of its other steps. */
const SUFFIXES = { seen: ': seen', away: ': away', answer: ': answer' } as const;

async function ask<Value extends string>(parts: Parts<Value>, { away }: Question<Value>): Promise<Value | null> {
  await parts.question();
  if (away && (await parts.seen(away.after)) === null) await parts.away(away);
  return parts.answer();
}

type Sent = readonly [templates: MessageTemplates, options: Omit<SendOptions, 'fallback'> & InnerOptions];

/** The message that asks in the app. */
function questionMessage(step: string, asked: Question, options: AskOptions): Sent {
  const { within } = options;
  return [
    { inApp: QUESTION_TEMPLATE },
    { ...dataOf(step, asked, options), ...(within !== undefined && { lasts: within }) },
  ];
}

/** The message by another channel. Who has answered has also seen the question. */
function awayMessage(step: string, asked: Question, options: AskOptions, { channel, template }: AwayMessage): Sent {
  return [{ [channel]: template }, { ...dataOf(step, asked, options), unless: [seen.where({ step })] }];
}

/** The question as the data of its messages. Its step is part of it: an answer belongs to the step, so a renamed one asks anew. */
function dataOf(step: string, { text, choices }: Question, { within }: AskOptions): Pick<SendOptions, 'data'> {
  const question: AskedQuestion = { step, text, choices, ...(within !== undefined && { within }) };
  return { data: { question: { ...question } as unknown as JsonObject } };
}

/** The step that asks. A diagram shows the question. */
function question(step: string, asked: Question, options: AskOptions): StepCall<unknown> {
  requireQuestion(asked, options);
  return { ...send(...questionMessage(step, asked, options)), text: localized(asked.text, 'en') };
}

/** The wait for the answer. Its outcome is the event. */
function answer<Value extends string>(
  step: string,
  asked: Question<Value>,
  options: AskOptions,
): StepCall<Value | null> {
  const values = valuesOf(asked);
  const wait = waitFor<Value | null>(answered.where({ step }), waiting(asked, options));
  return {
    ...wait,
    answer: (outcome) => choiceIn(eventsIn(outcome)[0], values),
    branches: (traits) => [
      ...values.map((value): Branch => [value, { ...exampleOf(answered.where({ step, value })) }]),
      ...(wait.branches?.(traits) ?? []).filter(([, outcome]) => outcome === null),
    ],
  };
}

function waiting(asked: Question, { within }: AskOptions): WaitOptions & InnerWaitOptions {
  return { choices: valuesOf(asked), ...(within !== undefined && { within }) };
}

function valuesOf<Value extends string>({ choices }: Question<Value>): readonly Value[] {
  return choices.map(({ value }) => value);
}

/** @throws {TypeError} when the question can't be asked */
function requireQuestion({ text, choices, away }: Question, { within }: AskOptions): void {
  requireFit('text', questionText, text);
  requireFit('choices', questionChoices, choices);
  if (away) requireFit('away', AWAY, away);
  if (within !== undefined) optionMs('within', within);
}

/** The error shows in the Temporal UI, so it does not repeat the value. */
function requireFit(option: string, schema: z.ZodType, value: unknown): void {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue) throw new TypeError(`ask: ${[option, ...issue.path].join('.')}: ${issue.message}`);
}

/** @param channel the schema of the name of a channel */
const awayForm = (channel: z.ZodType<ChannelName>) =>
  fields({
    after: duration.meta({ description: 'How long after the question, if it was not seen' }),
    channel: channel
      .refine((name) => name !== 'inApp', 'must be another channel than inApp, by which the question is asked')
      .meta({ description: `The other channel, which is not \`inApp\`: ${ANY_CHANNEL}` }),
    template: templateName,
  });

const AWAY = awayForm(channelName);

export interface AskForm extends StepForm {
  readonly kind: 'ask';
  readonly text: Question['text'];
  readonly choices: Question['choices'];
  readonly away?: AwayMessage;
  readonly within?: Duration;
  /** The steps after each answer, by its value. */
  readonly answers?: Readonly<Record<string, readonly StepForm[]>>;
  readonly otherwise?: readonly StepForm[];
}

/** A question with choices. */
export const ASK: CompositeType<'ask', AskForm> = {
  name: 'ask',
  suffixes: Object.values(SUFFIXES),
  bind:
    (perform) =>
    (step, asked, options = {}) =>
      ask(
        {
          question: () => perform(step, () => question(step, asked, options)),
          seen: (within) => perform(step + SUFFIXES.seen, () => waitFor(seen.where({ step }), { within })),
          away: (message) => perform(step + SUFFIXES.away, () => send(...awayMessage(step, asked, options, message))),
          answer: () => perform(step + SUFFIXES.answer, () => answer(step, asked, options)),
        },
        asked,
      ),
  steer:
    (j, pilot) =>
    (step, asked, options = {}) =>
      ask(
        {
          question: () => j.send(step, ...questionMessage(step, asked, options)),
          seen: (within) => j.waitFor(step + SUFFIXES.seen, seen.where({ step }), { within }),
          away: (message) => j.send(step + SUFFIXES.away, ...awayMessage(step, asked, options, message)),
          async answer() {
            const values = valuesOf(asked);
            const name = step + SUFFIXES.answer;
            pilot.notes.calls(name, values);
            const events = values.map((value) => answered.where({ step, value }));
            return choiceIn(await j.waitFor(name, anyOf(...events), waiting(asked, options)), values);
          },
        },
        asked,
      ),
  json: {
    schema: (steps) =>
      fields({
        kind: z.literal('ask').meta({ description: 'Asks the user a question in the app, and waits for the answer' }),
        step: stepName,
        text: questionText.meta({
          description: 'The question, at most 1,000 characters: one text, or one for each language by its tag',
        }),
        choices: questionChoices.meta({ description: 'What the user can answer, 1 to 20 choices' }),
        away: awayForm(givenChannel).exactOptional().meta({
          description:
            'Asks by another channel, too, if the user does not see the question in the app. Default: in the app only',
        }),
        within: duration.exactOptional().meta({
          description:
            'How long the user may take, from when they have seen the question or are asked by the other channel. Without `away`: from when they are asked',
        }),
        answers: z
          .record(z.string(), steps)
          .exactOptional()
          .meta({ description: 'The steps after each answer, by the value of the choice' }),
        otherwise: steps.exactOptional().meta({ description: 'The steps if no answer came in time' }),
      }),
    async play({ step, text, choices, away, within, answers = {}, otherwise = [] }, j) {
      const asked = { text, choices, ...(away && { away }) };
      const value = await j.ask(step, asked, within === undefined ? {} : { within });
      return value === null ? otherwise : (getOwn(answers, value) ?? []);
    },
    names: ({ step, away }) => [
      step,
      ...(away ? [step + SUFFIXES.seen, step + SUFFIXES.away] : []),
      step + SUFFIXES.answer,
    ],
    branches: ({ answers = {}, otherwise = [] }) => [
      ...Object.entries(answers).map(([value, steps]) => ({ steps, path: ['answers', value] })),
      { steps: otherwise, path: ['otherwise'] },
    ],
    channels: ({ away }) => (away ? [{ name: away.channel, path: ['away', 'channel'], use: 'message' }] : []),
    mistakes: ({ choices, answers = {} }) =>
      Object.keys(answers)
        .filter((answer) => !choices.some(({ value }) => value === answer))
        .map((answer) => ({ path: ['answers', answer], message: `'${answer}' is none of the choices.` })),
    template: ({ away }, channel) => (away?.channel === channel ? ['away', 'template'] : null),
  },
};
