import type { Pool } from 'pg';
import { MOST_ROLES } from '../engine/chats/schema';
import { CHAT_EVENTS } from '../engine/model/chat-events';
import { retryOnConflict } from './conflict';
import type { ConversationKey } from './conversations';
import { announceInApp } from './in-app-announcements';
import { prepared } from './sql';
import type { EventUnderWay } from './tracked-events';

/** The most messages of one participant within {@link WITHIN_MS}. */
export const MOST_MESSAGES = 30;
/** In milliseconds of the journey clock. */
const WITHIN_MS = 60_000;

/** What somebody says: a phrase of their role, or a text. Times are epoch milliseconds of the journey clock. */
export interface Saying extends ConversationKey {
  readonly userId: string;
  /** A UUID that the client made. What is said again under it is said once. */
  readonly id: string;
  readonly phrase: string | null;
  readonly text: string | null;
  /** The roles that may say it. */
  readonly roles: readonly string[];
  readonly at: number;
  /** How long the conversation is kept after its last message. */
  readonly keepMs: number;
}

/** A message as it is stored. */
export interface SaidMessage {
  readonly role: string;
  readonly phrase: string | null;
  readonly text: string | null;
  readonly at: number;
}

/**
 * What became of a message.
 *
 * - `said`: it is stored, and `events` are on their way to all participants.
 * - `repeated`: it was stored before. What it said then holds.
 * - `no conversation`: there is none, or the user does not take part in it.
 * - `taken`: somebody else's message has this id.
 * - `not allowed`: the role of the user may not say it.
 * - `closed`, `blocked`: nobody may say anything.
 * - `too many`: the user said too much within a minute, and may go on at `againAt`.
 */
export type Said =
  | ({ readonly outcome: 'said'; readonly events: readonly EventUnderWay[] } & SaidMessage)
  | ({ readonly outcome: 'repeated' } & SaidMessage)
  | { readonly outcome: 'not allowed'; readonly role: string }
  | { readonly outcome: 'too many'; readonly againAt: number }
  | { readonly outcome: 'no conversation' | 'taken' | 'closed' | 'blocked' };

// The steps are a function of the database: see migrations/0045_chat_messages.ts.
const SAY = prepared<Saying>(
  'say-in-conversation',
  (param) => `
SELECT outcome, role, phrase, "text", at, again_at AS "againAt", users, events
FROM say_in_conversation(
  ${param.chat}, ${param.key}, ${param.userId}, ${param.id}, ${param.phrase}, ${param.text}, ${param.roles}::text[], ${param.at},
  ${param.keepMs}, ${MOST_MESSAGES}, ${WITHIN_MS}, ${MOST_ROLES}, '${CHAT_EVENTS.sent}', '${CHAT_EVENTS.received}')`,
);

/** Says something in a conversation, exactly once, in one round trip. The events have to be received. */
export async function sayInChat(pool: Pool, saying: Saying): Promise<Said> {
  const { rows } = await retryOnConflict(() => pool.query<Said & { readonly users: readonly string[] }>(SAY(saying)));
  const [row] = rows;
  if (!row) throw new Error('The function of the database returned no row; it always returns one.');
  announceInApp(pool, row.users);
  return row;
}
