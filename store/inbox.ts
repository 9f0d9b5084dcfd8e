import type { JsonObject } from '../engine/model/json';
import type { Database } from './database';
import { jsonText } from './storable';

/** A message in a user's inbox. Times are epoch milliseconds of the journey clock. */
export interface InboxMessage {
  readonly id: string;
  readonly journey: string;
  readonly step: string;
  readonly content: JsonObject;
  readonly sentAt: number;
  readonly seenAt: number | null;
  readonly clickedAt: number | null;
}

/** What a client reports about a message. */
export type Reaction = 'seen' | 'clicked' | 'dismissed';

/** The in-app messages of all users. A user is found only by their own id, never by one that was merged into it. */
export interface Inbox {
  /** Stores the rendered content of a message, before it counts as sent. */
  save(messageId: string, content: JsonObject): Promise<void>;
  /**
   * Lists the messages of a user that are neither dismissed nor expired, the latest first, 100 at most, of the latest 1,000.
   * @param now epoch milliseconds of the journey clock
   */
  list(userId: string, now: number): Promise<readonly InboxMessage[]>;
  /**
   * Records the first time of a reaction. A message that is clicked or dismissed also counts as seen.
   * @param at epoch milliseconds of the journey clock
   * @returns false when the user has no such message
   */
  react(userId: string, messageId: string, reaction: Reaction, at: number): Promise<boolean>;
}

const LIST_LIMIT = 100;
/** The latest messages among which the list looks, so that reading an inbox does not take longer the more was ever sent. */
const READ_LIMIT = 1_000;
const SET = {
  seen: 'seen_at = coalesce(seen_at, $3)',
  clicked: 'seen_at = coalesce(seen_at, $3), clicked_at = coalesce(clicked_at, $3)',
  dismissed: 'seen_at = coalesce(seen_at, $3), dismissed_at = coalesce(dismissed_at, $3)',
} as const satisfies Record<Reaction, string>;
// Aliases are not resolved: otherwise anyone who makes their id an alias of another user's could read that user's messages.
const OWN = `channel = 'inApp' AND status = 'sent' AND user_id = $1`;

/** The progress messages of a run are shown as one card, the latest of them. Every other message is a card of its own. */
const CARD = `CASE WHEN content->>'kind' = 'progress' THEN run_id ELSE id END`;

/** Creates the inbox, which is stored in the rows of the messages. */
export function createInbox({ pool, knex }: Database): Inbox {
  return {
    async save(messageId, content) {
      await knex('messages')
        .where({ id: messageId })
        .update({ content: jsonText(content) });
    },
    async list(userId, now) {
      const { rows } = await pool.query<InboxMessage>({
        name: 'list-inbox',
        text: `
          SELECT id, journey, step, content, sent_at AS "sentAt", seen_at AS "seenAt", clicked_at AS "clickedAt"
          FROM (
            SELECT DISTINCT ON (${CARD}) * FROM (
              SELECT * FROM messages WHERE ${OWN} AND content IS NOT NULL AND expires_at > $2
              ORDER BY decided_at DESC LIMIT ${READ_LIMIT}
            ) AS recent
            ORDER BY ${CARD}, decided_at DESC, (content->>'progress')::float DESC
          ) AS latest
          WHERE dismissed_at IS NULL
          ORDER BY decided_at DESC, id LIMIT ${LIST_LIMIT}`,
        values: [userId, now],
      });
      return rows;
    },
    async react(userId, messageId, reaction, at) {
      const { rowCount } = await pool.query(`UPDATE messages SET ${SET[reaction]} WHERE ${OWN} AND id = $2`, [
        userId,
        messageId,
        at,
      ]);
      return rowCount === 1;
    },
  };
}
