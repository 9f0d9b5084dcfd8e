import { z } from 'zod';
import { REACTIONS } from '../model/message-reaction';
import type { JsonObject } from '../model/json';
import { event, type CatalogueEvent } from './event';
import type { StandardSchema } from './standard-schema';
import { stepEvent } from './step-event';

/** The properties of every event of a message. */
export const about = {
  /** The id of the message. */
  message: z.string(),
  journey: z.string(),
  step: z.string(),
  /** The run that sent the message. Absent if no run did. */
  run: z.string().exactOptional(),
  /** The key of that run, in a keyed journey. */
  key: z.string().exactOptional(),
  /** The card that the message is shown in. */
  slot: z.string().exactOptional(),
};

// Without a run, so that an example stands for a message of any run.
export const EXAMPLE = { message: '5d6c0a0e-3b6f-4f0e-9d0c-2f6a6f1c7b11', journey: 'welcome', step: 'hello' } as const;

/*
 * What people do with messages. In a wait, an exit and the goal of a run, only the run's own messages are meant. A trigger
 * takes those of all journeys.
 */

/** The person saw a message in the app. It does not count as activity, because apps report it by themselves. */
export const seen = event(REACTIONS.seen, z.object(about), EXAMPLE);
/** The person clicked a message in the app, or a link of another message. */
export const clicked = stepEvent(
  event(
    REACTIONS.clicked,
    z.object({
      ...about,
      /** The channel of the message. Absent if it was shown in the app. */
      channel: z.string().exactOptional(),
      /** Where the link leads. */
      url: z.string().exactOptional(),
    }),
    EXAMPLE,
  ),
);
/** The person dismissed a message in the app. */
export const dismissed = event(REACTIONS.dismissed, z.object(about), EXAMPLE);
/** The person put a message in the app off. It comes back later. */
export const snoozed = event(REACTIONS.snoozed, z.object(about), EXAMPLE);

const answer = z.union([z.string(), z.number(), z.array(z.string())]);
const valued = z.object({ ...about, value: z.string() });

/**
 * The person answered a message in the app: `value` is that of the choice they took. Of a survey it is the answer to the first
 * question, as text, and `answers` has all of them. `right` says whether it is the right option of a quiz.
 */
export const answered = event(
  REACTIONS.answered,
  valued.extend({ answers: z.record(z.string(), answer).exactOptional(), right: z.boolean().exactOptional() }),
  { ...EXAMPLE, value: 'yes' },
);

/** What answers to questions are: a number (`scale`, `nps`, `stars`), a text (`choice`, `text`) or a list (`choices`). */
const ANSWERS = { number: z.number(), text: z.string(), list: z.array(z.string()) };
const EXAMPLES = { number: 7, text: 'yes', list: ['yes'] } as const;

type AnswerKind = keyof typeof ANSWERS;
type AnswersOf<Questions extends Readonly<Record<string, AnswerKind>>> = {
  readonly [Id in keyof Questions]?: z.infer<(typeof ANSWERS)[Questions[Id]]> | undefined;
};

/** The properties of the answer to a survey. A question that was left out, or not asked, has no answer. */
export interface Surveyed<Questions extends Readonly<Record<string, AnswerKind>>> extends z.infer<typeof valued> {
  readonly answers: AnswersOf<Questions>;
}

/**
 * The answer to the survey or rating that a step sends, with the types of its questions:
 * `answersTo('nps', { score: 'number', why: 'text' })`.
 * @param step the name of the step
 * @param questions what the answers to the questions are, by their ids
 */
export function answersTo<const Questions extends Readonly<Record<string, AnswerKind>>>(
  step: string,
  questions: Questions,
): CatalogueEvent<Surveyed<Questions>, typeof REACTIONS.answered> {
  const example = Object.fromEntries(Object.entries<AnswerKind>(questions).map(([id, kind]) => [id, EXAMPLES[kind]]));
  const properties = { ...EXAMPLE, step, value: String(Object.values(example)[0] ?? ''), answers: example };
  return event(REACTIONS.answered, schemaOf(questions), properties as JsonObject).where({ step }) as never;
}

/** The schemas of answers. A journey declares its event anew whenever its code runs, and making a schema takes long. */
const schemas = new Map<string, StandardSchema<z.infer<typeof valued>>>();

function schemaOf(questions: Readonly<Record<string, AnswerKind>>): StandardSchema<z.infer<typeof valued>> {
  const kinds = Object.entries(questions);
  const key = JSON.stringify(kinds);
  const known = schemas.get(key);
  if (known) return known;
  const shape = Object.fromEntries(kinds.map(([id, kind]) => [id, ANSWERS[kind].optional()]));
  const schema = valued.extend({ answers: z.object(shape) });
  schemas.set(key, schema);
  return schema;
}

/** The events of messages, by name. */
export const MESSAGE_EVENTS = new Map(
  [seen, clicked, dismissed, snoozed, answered].map((one) => [one.name, one] as const),
);
