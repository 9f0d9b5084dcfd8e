import { z } from 'zod';
import { getOwn } from '../engine/model/own-property';
import { isBallot, MOST_VALUE_LETTERS, presetAnswers, saidBy } from '../engine/model/preset-answers';
import {
  answersAsked,
  asksQuestions,
  firstAnswer,
  unanswered,
  wrongAnswers,
  type Answer,
  type Answers,
  type WrongAnswer,
} from '../engine/model/survey';
import type { MessageReaction, Said } from '../engine/model/message-reaction';
import type { HeldAnswer, OwnMessage } from '../store/inbox-reactions';
import type { KeptAnswers } from '../store/survey-answers';
import { text } from './fields';
import { pointerTo } from './pointer';
import { Problem } from './problem';

/** Schema of the answer to a message. Which of the fields it needs depends on the kind of the message. */
export const givenAnswer = z.object({
  value: text
    .max(MOST_VALUE_LETTERS)
    .optional()
    .meta({ description: 'The `value` of a choice, or of an option of a poll or quiz' }),
  answers: z
    .record(text, z.union([text, z.number(), z.array(text)]))
    .optional()
    .meta({ description: 'The answers to questions of a survey or rating, by their ids' }),
  done: z.boolean().optional().meta({ description: 'True after the last question of a survey or rating' }),
});
type GivenAnswer = z.infer<typeof givenAnswer>;

/** What an answer needs of the database. */
export interface AnswerStore {
  /** Keeps answers to some questions. */
  keep(message: OwnMessage, answers: Answers): Promise<KeptAnswers>;
  /** Casts a vote. Returns the vote that the user now has. */
  vote(poll: string, value: string, mayChange: boolean): Promise<string>;
  /** Notes with the message the vote that the user now has. */
  show(message: OwnMessage, poll: string): Promise<void>;
  /** Records a reaction. Returns the answer that the message now has. */
  record(message: OwnMessage, reaction: MessageReaction, said?: Said): Promise<HeldAnswer>;
}

/**
 * Takes the answer to a message.
 * @throws {Problem} 422 when it is none that the message asks for, 409 when the message has another answer
 */
export async function takeAnswer(store: AnswerStore, message: OwnMessage, given: GivenAnswer): Promise<void> {
  if (asksQuestions(message.content)) return takeAnswers(store, message, given);
  const { value } = given;
  const values = presetAnswers(message.content);
  if (value === undefined || !values.includes(value)) throw invalid('/value', expected(values));
  if (isBallot(message.content)) return takeVote(store, message, value);
  const { answer } = await store.record(message, 'answered', saidBy(message.content, value));
  if (answer !== null && answer !== value) throw held('/value', `must be '${answer}', the first answer`);
}

/** Takes a vote. Only the first one is an event; a changed one changes the results, and what the message shows. */
async function takeVote(store: AnswerStore, message: OwnMessage, value: string): Promise<void> {
  const { poll, change } = message.content as { readonly poll: string; readonly change?: boolean };
  const vote = await store.vote(poll, value, change === true);
  if (vote !== value) throw held('/value', `must be '${vote}', the first vote`);
  await store.record(message, 'answered', saidBy(message.content, value));
  // Also where the message has this answer already: another vote may be changing it.
  if (change === true) await store.show(message, poll);
}

/** Takes answers to questions: keeps them, and once the person is done, records them. */
async function takeAnswers(store: AnswerStore, message: OwnMessage, { answers, done }: GivenAnswer): Promise<void> {
  const { content } = message;
  if (!answers) throw invalid('/answers', 'must be an object with the answers, by the ids of the questions');
  refuse(wrongAnswers(content, answers));
  const kept = await store.keep(message, answers);
  if (!kept.isOpen) {
    requireSame(answers, kept.answers);
    return;
  }
  if (done !== true) {
    await store.record(message, 'seen');
    return;
  }
  refuse(unanswered(content, kept.answers));
  const asked = answersAsked(content, kept.answers);
  const said = { value: firstAnswer(content, asked), answers: asked };
  requireSame(asked, (await store.record(message, 'answered', said)).answers);
}

/** The first answers hold. Answers to questions that are not asked any more are no others. */
function requireSame(given: Answers, first: Answers | null): void {
  const differs = ([question, answer]: [string, Answer]): boolean => {
    const before = getOwn(first ?? {}, question);
    return before !== undefined && JSON.stringify(before) !== JSON.stringify(answer);
  };
  const [other] = Object.entries(given).find(differs) ?? [];
  if (other !== undefined) throw held(pointerTo('/answers', [other]), 'must be the first answer');
}

function refuse(wrong: readonly WrongAnswer[]): void {
  if (wrong.length === 0) return;
  const errors = wrong.map(({ question, detail }) => ({ pointer: pointerTo('/answers', [question]), detail }));
  throw new Problem(422, { detail: NOT_VALID, errors });
}

const NOT_VALID = 'The request is not valid.';

function invalid(pointer: string, detail: string): Problem {
  return new Problem(422, { detail: NOT_VALID, errors: [{ pointer, detail }] });
}

function held(pointer: string, detail: string): Problem {
  return new Problem(409, { detail: 'The message has an answer already.', errors: [{ pointer, detail }] });
}

function expected(values: readonly string[]): string {
  return values.length === 0 ? 'must not be sent: the message has no choices' : `must be one of ${values.join(', ')}`;
}
