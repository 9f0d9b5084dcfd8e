import { z } from 'zod';
import type { Duration } from '../model/duration';
import type { JsonObject } from '../model/json';
import { languageOf, localized, localizedText, type Localized } from '../model/localized';
import { fields } from './fields';
import { duration } from './json-fields';

/** The in-app template of questions, which is made of their data. No file of a team has such a name. */
export const QUESTION_TEMPLATE = '$question';

/** A choice of a question, and what the person reads. */
export interface QuestionChoice<Value extends string = string> {
  readonly value: Value;
  readonly label: Localized;
}

/** A question as its messages have it, in the property `question` of their data. */
export interface AskedQuestion {
  /** The step that asks it, whatever step sends the message. */
  readonly step: string;
  readonly text: Localized;
  readonly choices: readonly QuestionChoice[];
  /** How long the person may take. Absent: without end. */
  readonly within?: Duration;
}

/** Other links of a message have these names. */
const RESERVED = ['unsubscribe', 'app'];

/** The schema of a text that asks. */
export const questionText = localizedText(1_000);

/** The schema of what somebody can answer. A value names a link of the message, so it is a name in templates. */
export const questionChoices = z
  .array(
    fields({
      value: z
        .string()
        .regex(
          /^[A-Za-z][A-Za-z0-9_-]{0,99}$/,
          'must begin with a letter, and have letters, digits, _ and - (100 at most)',
        )
        .refine(
          (value) => !RESERVED.includes(value),
          `must not be ${RESERVED.join(' or ')}, which are links themselves`,
        )
        .meta({
          description:
            'What the answer is recorded as. In templates, `links.<value>` is the address that answers with it',
        }),
      label: localizedText(100).meta({
        description: 'What the user reads, at most 100 characters: one text, or one for each language by its tag',
      }),
    }),
  )
  .min(1)
  .max(20)
  .refine((choices) => new Set(choices.map(({ value }) => value)).size === choices.length, 'must be different values');

const askedQuestion = fields({
  step: z.string(),
  text: questionText,
  choices: questionChoices,
  within: duration.exactOptional(),
});

/** The question that a message asks; null when it asks none. */
export function questionIn(data: JsonObject): AskedQuestion | null {
  if (data['question'] === undefined) return null;
  const { data: question } = askedQuestion.safeParse(data['question']);
  return question ?? null;
}

/** A question in one language. */
export interface ToldQuestion {
  readonly text: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** The question in the language of a user. */
export function questionFor({ text, choices }: AskedQuestion, traits: JsonObject): ToldQuestion {
  const language = languageOf(traits);
  return {
    text: localized(text, language),
    choices: choices.map(({ value, label }) => ({ value, label: localized(label, language) })),
  };
}

/** What a template sees of a question: its texts in the language of the user, and a link for each choice. */
export interface QuestionContext {
  readonly data: JsonObject;
  readonly links: Readonly<Record<string, string>>;
}

/**
 * What the template of a message sees of the question that it asks.
 * @param linkTo the address that answers with a choice
 * @returns the data as it is, and no links, when the message asks no question
 */
export function questionContext(
  data: JsonObject,
  traits: JsonObject,
  linkTo: (value: string) => string,
): QuestionContext {
  const question = questionIn(data);
  if (!question) return { data, links: {} };
  const told = questionFor(question, traits);
  return {
    data: { ...data, question: { text: told.text, choices: told.choices.map((choice) => ({ ...choice })) } },
    links: Object.fromEntries(told.choices.map(({ value }) => [value, linkTo(value)])),
  };
}
