import type { JsonObject } from '../engine/model/json';
import type { Answers } from '../engine/model/survey';
import type { Database } from './database';
import { jsonText } from './storable';

/** A message in a user's inbox. Times are epoch milliseconds of the journey clock. */
export interface InboxMessage {
  readonly id: string;
  readonly journey: string;
  /** The run that sent the message; null if no run did. */
  readonly run: string | null;
  /** The key of that run; null without keys. */
  readonly key: string | null;
  readonly step: string;
  /** The slot of the card; null if the message is a card of its own. */
  readonly slot: string | null;
  readonly content: JsonObject;
  readonly sentAt: number;
  readonly expiresAt: number;
  readonly seenAt: number | null;
  readonly clickedAt: number | null;
  readonly answeredAt: number | null;
  /** The value of the choice that the user took. */
  readonly answer: string | null;
  /** The answers to the questions of a survey so far. */
  readonly answers: Answers | null;
}

/** A message that is at hand. The app shows it, unless it is put off until later. */
export type InboxRow = InboxMessage & {
  /** Epoch milliseconds of the journey clock; null if it was never put off. */
  readonly snoozedUntil: number | null;
};

/** The messages that an app shows, and when that changes by time alone. */
export interface Shown {
  readonly messages: readonly InboxMessage[];
  /** When one of them expires, or one that is put off comes back, epoch milliseconds of the journey clock; `Infinity` if neither does. */
  readonly changesAt: number;
}

/** The messages at hand that the app shows. */
export function shownOf(rows: readonly InboxRow[], now: number): Shown {
  const isBack = ({ snoozedUntil }: InboxRow): boolean => snoozedUntil === null || snoozedUntil <= now;
  return {
    messages: rows.filter(isBack).map(({ snoozedUntil: _, ...message }) => message),
    changesAt: Math.min(...rows.map((row) => (isBack(row) ? row.expiresAt : (row.snoozedUntil ?? Infinity)))),
  };
}

/** The in-app messages of all users. A user is found only by their own id, never by one that was merged into it. */
export interface Inbox {
  /** Stores the rendered content of a message, before it counts as sent. */
  save(messageId: string, content: JsonObject): Promise<void>;
  /**
   * Lists the cards of a user that are neither dismissed, put off nor expired, each with its latest message, the latest first, 100 at most,
   * of the latest 1,000 messages. A quiz tells what is right only once it is answered.
   * @param now epoch milliseconds of the journey clock
   */
  list(userId: string, now: number): Promise<readonly InboxMessage[]>;
}

const LIST_LIMIT = 100;
/** The latest messages among which the list looks, so that reading an inbox does not take longer the more was ever sent. */
const READ_LIMIT = 1_000;
/**
 * SQL: the messages of a user. Aliases are not resolved: otherwise anyone who makes their id an alias of another user's could read that
 * user's messages.
 */
export const ownedBy = (user: string): string => `channel = 'inApp' AND status = 'sent' AND user_id = ${user}`;

/** SQL: the messages of the user $1. */
export const OWN = ownedBy('$1');

/**
 * SQL: which card a message is shown in. One with a slot shares the card of its journey, slot and key; the progress messages of a run
 * share one too. Every other message is a card of its own.
 */
const CARD = `CASE
      WHEN card IS NOT NULL THEN jsonb_build_array(journey, card -> 'slot', card -> 'key')::text
      WHEN content ->> 'kind' = 'progress' THEN run_id::text
      ELSE id::text
    END`;

/** SQL: the order of the messages of a card. Those that were decided at the same instant are told apart by their steps or by their progress. */
const IN_ORDER = `decided_at, (card -> 'turn')::int, (content ->> 'progress')::float`;

/** SQL: what the client is told of a message. */
const TOLD = `CASE
      WHEN j.content ->> 'kind' = 'quiz' AND j.answered_at IS NULL THEN j.content - '{right,explanation}'::text[] ELSE j.content
    END`;

/**
 * SQL: the query of a user's inbox, as {@link Inbox.list} describes it, with the messages that are put off.
 * @param user SQL: the id of the user
 * @param now SQL: the time, epoch milliseconds of the journey clock
 */
export const inboxOf = (user: string, now: string): string => `
WITH recent AS (
  SELECT *, ${CARD} AS place FROM (
    SELECT * FROM messages WHERE ${ownedBy(user)} AND content IS NOT NULL ORDER BY decided_at DESC LIMIT ${READ_LIMIT}
  ) AS sent
), told AS (
  -- A dismissed card stays dismissed until a message opens it again. A progress message without a slot always does.
  SELECT *,
    count(*) FILTER (WHERE card IS NULL OR card ? 'reopen') OVER (PARTITION BY place ORDER BY ${IN_ORDER}) AS opening,
    row_number() OVER (PARTITION BY place ORDER BY ${IN_ORDER}) AS place_in_card,
    count(*) OVER (PARTITION BY place) AS messages_of_card
  FROM recent
), judged AS (
  SELECT *, bool_or(dismissed_at IS NOT NULL) OVER (PARTITION BY place, opening) AS dismissed FROM told
)
SELECT
  j.id, j.journey, j.run_id AS run, r.key, j.step, j.card ->> 'slot' AS slot, ${TOLD} AS content, j.sent_at AS "sentAt",
  j.expires_at AS "expiresAt", j.snoozed_until AS "snoozedUntil", j.seen_at AS "seenAt", j.clicked_at AS "clickedAt", j.answered_at AS "answeredAt", j.answer, j.answers
FROM judged j LEFT JOIN runs r ON r.id = j.run_id
-- Only the latest message of a card counts, also if it has expired: an older one does not come back.
WHERE j.place_in_card = j.messages_of_card AND NOT j.dismissed AND j.expires_at > ${now}
  AND (j.while_inside IS NOT TRUE OR r.status IN ('active', 'failed'))
-- Messages of one decision are delivered in the order of their steps.
ORDER BY j.decided_at DESC, j.sent_at DESC, j.id LIMIT ${LIST_LIMIT}`;

const LIST = inboxOf('$1', '$2');

/** Creates the inbox, which is stored in the rows of the messages. */
export function createInbox({ pool, knex }: Database): Inbox {
  return {
    async save(messageId, content) {
      await knex('messages')
        .where({ id: messageId })
        // Unless the message has expired meanwhile, and what it says is forgotten.
        .whereRaw(`(forget_next IS NULL OR data <> '{}')`)
        .update({ content: jsonText(content) });
    },
    async list(userId, now) {
      const { rows } = await pool.query<InboxRow>({ name: 'list-inbox', text: LIST, values: [userId, now] });
      return shownOf(rows, now).messages;
    },
  };
}
