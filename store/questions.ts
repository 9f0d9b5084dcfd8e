import { questionIn, type AskedQuestion } from '../engine/authoring/question';
import { toMs } from '../engine/model/duration';
import { messageId } from '../engine/model/ids';
import type { JsonObject } from '../engine/model/json';
import type { Database } from './database';
import { answerId, findOwnMessage, type OwnMessage } from './inbox-reactions';

/** A question that a journey asked by a message with links. */
export interface LinkedQuestion {
  readonly userId: string;
  readonly traits: JsonObject;
  readonly question: AskedQuestion;
  /** The message that asked in the app, whether or not it went out. It gets the answer. */
  readonly message: OwnMessage;
  /** When the question can no longer be answered by a link, epoch milliseconds of the journey clock; null for never. */
  readonly closesAt: number | null;
}

interface Row {
  readonly user_id: string;
  readonly journey: string;
  readonly run_id: string;
  readonly key: string | null;
  readonly question: JsonObject | null;
  readonly decided_at: number;
  readonly traits: JsonObject;
}

const FIND = `
SELECT m.user_id, m.journey, m.run_id, r.key, m.data -> 'question' AS question, m.decided_at, u.traits
FROM messages m JOIN runs r ON r.id = m.run_id JOIN users u ON u.id = m.user_id
WHERE m.id = $1`;

/**
 * Finds the question that a message asks.
 * @param id the message that has the links
 * @returns null when there is no such message, because its user was erased, or when it asks nothing
 */
export async function findQuestion(database: Database, id: string): Promise<LinkedQuestion | null> {
  const { rows } = await database.pool.query<Row>({ name: 'find-question', text: FIND, values: [id] });
  const [row] = rows;
  const question = row?.question ? questionIn({ question: row.question }) : null;
  if (!row || !question) return null;
  const { user_id: userId, journey, run_id: run, key, traits } = row;
  const asked = messageId(run, question.step);
  // Without consent to messages in the app there is no such message. The answer is the same event.
  const message = (await findOwnMessage(database, userId, asked)) ?? {
    ...{ id: asked, journey, step: question.step, run, key, slot: null, content: {} },
    ...{ done: [], answer: null, answers: null, snoozedUntil: null },
  };
  const { within } = question;
  return { userId, traits, question, message, closesAt: within === undefined ? null : row.decided_at + toMs(within) };
}

/** The first answer to a question. */
export interface FirstAnswer {
  /** The value of the choice; null if it is forgotten. */
  readonly value: string | null;
}

/** The first answer to a question; null if there is none. */
export async function answerTo({ pool }: Database, { userId, message }: LinkedQuestion): Promise<FirstAnswer | null> {
  const { rows } = await pool.query<FirstAnswer>({
    name: 'answer-to-question',
    text: `SELECT properties ->> 'value' AS value FROM events WHERE user_id = $1 AND message_id = $2`,
    values: [userId, answerId(message)],
  });
  return rows[0] ?? null;
}
