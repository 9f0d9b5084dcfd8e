import type { JsonObject } from '../model/json';
import { REACTIONS, reactionProperties, type Said } from '../model/message-reaction';
import { PREFETCHED, RECEIPTS } from '../model/message-receipt';
import { receiptProperties } from '../model/receipt-properties';
import { presetAnswers, saidBy } from '../model/preset-answers';
import { QUESTION_TEMPLATE, questionIn } from '../authoring/question';
import type { Message, RecordedEvent, Run } from '../model/state';
import { answersAsked, asksQuestions, firstAnswer, unanswered, wrongAnswers, type Answers } from '../model/survey';

/** Somebody who got messages. */
interface Recipient {
  readonly messages: readonly Message[];
  readonly runs: readonly Run[];
  /** The content of a message; null if messages are not rendered. */
  contentOf(message: Message): JsonObject | null;
}

/** The properties of a reaction to the latest message of a step in the app. `name` is that of its event. */
export function reactionTo(
  recipient: Recipient,
  step: string,
  name: string,
  answer: string | Answers | undefined,
): JsonObject {
  requireOneOf(name, 'reaction to a message', REACTIONS);
  const message = recipient.messages.findLast((one) => one.step === step && one.channel === 'inApp');
  if (!message) throw new Error(`No message of step '${step}' went out in the app.`);
  if (name === REACTIONS.answered && answer === undefined)
    throw new Error(`An answer needs a value: react('${step}', answered, 'yes').`);
  if (name !== REACTIONS.answered && answer !== undefined)
    throw new Error(`'${name}' has no value. Expected react('${step}', answered, …) for an answer.`);
  const { runId: run, card } = message;
  const key = recipient.runs.find(({ id }) => id === run)?.key ?? null;
  const content = recipient.contentOf(message) ?? askedIn(message);
  const said = answer === undefined ? undefined : saidIn(content, step, answer);
  return reactionProperties({ ...message, run, key, slot: card?.slot ?? null }, said);
}

/** The properties of a receipt of the latest message of a step, on whichever channel it went out. `name` is that of its event. */
export function receiptOf({ messages, runs }: Recipient, step: string, name: string, facts: JsonObject): JsonObject {
  requireOneOf(name, 'receipt', { ...RECEIPTS, prefetched: PREFETCHED });
  const message = messages.findLast((one) => one.step === step);
  if (!message) throw new Error(`No message of step '${step}' went out.`);
  const { runId: run, card, channel } = message;
  const key = runs.find(({ id }) => id === run)?.key ?? null;
  return { ...receiptProperties({ ...message, channel, run, key, slot: card?.slot ?? null }, {}), ...facts };
}

/** Has the person reacted in this way to the message with these properties? */
export function reactedTo(events: readonly RecordedEvent[], { message }: JsonObject, name: string): boolean {
  return events.some((event) => event.name === name && event.properties['message'] === message);
}

function requireOneOf(name: string, what: string, known: Readonly<Record<string, string>>): void {
  if (!Object.values(known).includes(name))
    throw new Error(`'${name}' is no ${what}. Expected ${Object.keys(known).join(', ')}.`);
}

/** What is known of the content of a message that is not rendered: the choices of a question of `j.ask`. Null for any other. */
function askedIn({ template, data }: Message): JsonObject | null {
  const question = template === QUESTION_TEMPLATE ? questionIn(data) : null;
  return question && { choices: question.choices.map(({ value }) => ({ value })) };
}

/** What an answer says, as the API would tell the journey. */
function saidIn(content: JsonObject | null, step: string, answer: string | Answers): Said {
  if (content === null)
    return typeof answer === 'string'
      ? { value: answer }
      : { value: String(Object.values(answer)[0] ?? ''), answers: answer };
  if (asksQuestions(content)) return saidToQuestions(content, step, answer);
  const values = presetAnswers(content);
  if (values.length === 0) throw new Error(`The message of step '${step}' has no choices, so it can't be answered.`);
  if (typeof answer !== 'string' || !values.includes(answer))
    throw new Error(`The message of step '${step}' can be answered by one of: ${values.join(', ')}.`);
  return saidBy(content, answer);
}

function saidToQuestions(content: JsonObject, step: string, answer: string | Answers): Said {
  if (typeof answer === 'string')
    throw new Error(`The message of step '${step}' asks questions: react('${step}', answered, { score: 9 }).`);
  const wrong = [...wrongAnswers(content, answer), ...unanswered(content, answer)];
  if (wrong.length > 0)
    throw new Error(
      `Wrong answer to step '${step}': ${wrong.map(({ question, detail }) => `${question} ${detail}`).join('; ')}.`,
    );
  const answers = answersAsked(content, answer);
  return { value: firstAnswer(content, answers), answers };
}
