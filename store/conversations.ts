import type { Pool } from 'pg';
import { prepared } from './sql';

/** The conversation of a chat with this key. Times are epoch milliseconds of the journey clock. */
export interface ConversationKey {
  /** The name of the chat. */
  readonly chat: string;
  readonly key: string;
}

/** Somebody who takes part in a conversation. */
export interface Participant {
  readonly userId: string;
  readonly role: string;
  /** What the others see instead of an id. */
  readonly name: string;
}

/** That a conversation is opened, or has other participants. */
export interface Opening extends ConversationKey {
  readonly participants: readonly Participant[];
  readonly at: number;
  /** How long it is kept after it is closed, or after its last message. */
  readonly keepMs: number;
}

/** That a conversation is closed. */
export interface Closing extends ConversationKey {
  readonly at: number;
  readonly keepMs: number;
}

/**
 * What became of an opening or closing, and the users whose apps may show something else now. Announce them with `announceInApp` once
 * it is committed.
 *
 * - `superseded`: the conversation was opened or closed later than `at`, so nothing has changed.
 * - `same user`: two participants are one person, maybe by a merge. Nothing has changed.
 */
export interface Changed<Outcome extends string> {
  readonly outcome: Outcome;
  readonly users: readonly string[];
}

interface OpenValues extends Omit<Opening, 'participants'> {
  readonly ids: readonly string[];
  readonly roles: readonly string[];
  readonly names: readonly string[];
}

// The steps are functions of the database: see migrations/0044_chats.ts.
const OPEN = prepared<OpenValues>(
  'open-conversation',
  (param) => `
SELECT * FROM open_conversation(
  ${param.chat}, ${param.key}, ${param.ids}::text[], ${param.roles}::text[], ${param.names}::text[], ${param.at}, ${param.keepMs})`,
);

const CLOSE = prepared<Closing>(
  'close-conversation',
  (param) => `SELECT * FROM close_conversation(${param.chat}, ${param.key}, ${param.at}, ${param.keepMs})`,
);

/**
 * Opens a conversation, or changes its participants, and opens it again if it was closed. A user nobody has been heard of becomes known.
 * Repeating it changes nothing. It takes one
 * round trip, within a transaction or without. It may lose against another transaction: repeat it by `retryOnConflict`.
 * @param db a pool, or a client in a transaction
 */
export function openChat(
  db: Pick<Pool, 'query'>,
  { participants, ...opening }: Opening,
): Promise<Changed<'opened' | 'superseded' | 'same user'>> {
  const query = OPEN({
    ...opening,
    ids: participants.map(({ userId }) => userId),
    roles: participants.map(({ role }) => role),
    names: participants.map(({ name }) => name),
  });
  return change(db, query);
}

/**
 * Closes a conversation: nobody can say anything any more. Repeating it changes nothing. As {@link openChat}, it takes a pool or a
 * client in a transaction, and may have to be repeated.
 */
export function closeChat(
  db: Pick<Pool, 'query'>,
  closing: Closing,
): Promise<Changed<'closed' | 'superseded' | 'no conversation'>> {
  return change(db, CLOSE(closing));
}

async function change<Outcome extends string>(
  db: Pick<Pool, 'query'>,
  query: ReturnType<typeof OPEN>,
): Promise<Changed<Outcome>> {
  const { rows } = await db.query<Changed<Outcome>>(query);
  const [row] = rows;
  if (!row) throw new Error('The function of the database returned no row; it always returns one.');
  return row;
}
