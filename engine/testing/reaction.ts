import type { JsonObject } from '../model/json';
import { REACTIONS, reactionProperties, type Said } from '../model/message-reaction';
import { receiptProperties } from '../model/receipt-properties';
import { presetAnswers, saidBy } from '../model/preset-answers';
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
  const message = recipient.messages.findLast((one) => one.step === step && one.channel === 'inApp');
  if (!message) throw new Error(`No message of step '${step}' went out in the app.`);
  if (name === REACTIONS.answered && answer === undefined)
    throw new Error(`An answer needs a value: react('${step}', answered, 'yes').`);
  const { runId: run, card } = message;
  const key = recipient.runs.find(({ id }) => id === run)?.key ?? null;
  const said = answer === undefined ? undefined : saidIn(recipient.contentOf(message), step, answer);
  return reactionProperties({ ...message, run, key, slot: card?.slot ?? null }, said);
}

/** The properties of a receipt of the latest message of a step, on whichever channel it went out. */
export function receiptOf({ messages, runs }: Recipient, step: string, facts: JsonObject): JsonObject {
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

/** What an answer says, as the API would tell the journey. */
function saidIn(content: JsonObject | null, step: string, answer: string | Answers): Said {
  if (content === null)
    return typeof answer === 'string'
      ? { value: answer }
      : { value: String(Object.values(answer)[0] ?? ''), answers: answer };
  if (asksQuestions(content)) return saidToQuestions(content, step, answer);
  const values = presetAnswers(content);
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
