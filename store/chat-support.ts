import type { Pool } from 'pg';
import type { ConversationKey, Participant } from './conversations';
import { prepared } from './sql';

/** A conversation as support sees it. Times are epoch milliseconds of the journey clock. */
export interface SupportedConversation {
  /** When it was last opened or closed. */
  readonly changedAt: number;
  readonly closedAt: number | null;
  /** When it is deleted, if nothing happens meanwhile. */
  readonly deleteAt: number;
  readonly blocked: boolean;
  /** All who ever took part, in the order in which they came. */
  readonly participants: readonly (Participant & { readonly leftAt: number | null })[];
  /** The latest 500, oldest first. */
  readonly messages: readonly {
    readonly id: string;
    readonly userId: string;
    readonly role: string;
    readonly phrase: string | null;
    readonly text: string | null;
    readonly at: number;
  }[];
  readonly reports: readonly {
    /** The person who reported. */
    readonly userId: string;
    /** The role of whoever was reported. */
    readonly role: string;
    /** The id of the message that it is about; null if it is about none. */
    readonly messageId: string | null;
    readonly reason: string | null;
    readonly at: number;
  }[];
}

/** The most messages and reports that are listed. */
const MOST_LISTED = 500;

const FIND = prepared<ConversationKey & { readonly now: number }>(
  'find-conversation',
  (param) => `
SELECT c.changed_at AS "changedAt", c.closed_at AS "closedAt", c.delete_at AS "deleteAt", is_blocked(c.id) AS blocked,
  coalesce((
    SELECT json_agg(json_build_object('userId', p.user_id, 'role', p.role, 'name', p.name, 'leftAt', p.left_at) ORDER BY p.n)
    FROM chat_participants p WHERE p.conversation = c.id
  ), '[]') AS participants,
  coalesce((
    SELECT json_agg(json_build_object(
      'id', m.id, 'userId', p.user_id, 'role', p.role, 'phrase', m.phrase, 'text', m.text, 'at', m.at) ORDER BY m.n)
    FROM (SELECT * FROM chat_messages m WHERE m.conversation = c.id ORDER BY m.n DESC LIMIT ${MOST_LISTED}) m
      JOIN chat_participants p ON p.conversation = m.conversation AND p.n = m.participant
  ), '[]') AS messages,
  coalesce((
    SELECT json_agg(json_build_object(
      'userId', p.user_id, 'role', r.role, 'messageId', m.id, 'reason', r.reason, 'at', r.at) ORDER BY r.at, r.message_n)
    FROM (SELECT * FROM chat_reports r WHERE r.conversation = c.id ORDER BY r.at DESC LIMIT ${MOST_LISTED}) r
      JOIN chat_participants p ON p.conversation = r.conversation AND p.n = r.participant
      LEFT JOIN chat_messages m ON m.conversation = r.conversation AND m.n = r.message_n
  ), '[]') AS reports
FROM conversations c WHERE c.chat = ${param.chat} AND c.key = ${param.key} AND c.delete_at > ${param.now}`,
);

/**
 * Finds a conversation for support.
 * @param now epoch milliseconds of the journey clock
 * @returns null when there is none
 */
export async function findConversation(
  pool: Pool,
  conversation: ConversationKey,
  now: number,
): Promise<SupportedConversation | null> {
  const { rows } = await pool.query<SupportedConversation>(FIND({ ...conversation, now }));
  return rows[0] ?? null;
}
