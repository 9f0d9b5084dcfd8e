import type { DefinitionsProvider } from '../engine/definitions/definitions';
import {
  REACTIONS,
  reactionProperties,
  type MessageReaction,
  type ReactedMessage,
} from '../engine/model/message-reaction';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { announceInApp } from './in-app-announcements';
import { OWN } from './inbox';
import { ingest } from './ingest';
import type { IncomingEvent } from './ingest-values';
import type { PendingEvent } from './pending';

/** A message that its user reacts to. */
export interface OwnMessage extends ReactedMessage {
  /** The values of its choices; null if it has none. */
  readonly choices: readonly string[] | null;
  /** What the user did with it already. */
  readonly done: readonly MessageReaction[];
  readonly answer: string | null;
}

const FIND = `
SELECT
  m.id, m.journey, m.run_id AS run, r.key, m.step, m.card ->> 'slot' AS slot, m.answer,
  (SELECT json_agg(choice ->> 'value') FROM jsonb_array_elements(m.content -> 'choices') AS choice) AS choices,
  array_remove(ARRAY[
    CASE WHEN seen_at IS NOT NULL THEN 'seen' END, CASE WHEN clicked_at IS NOT NULL THEN 'clicked' END,
    CASE WHEN dismissed_at IS NOT NULL THEN 'dismissed' END, CASE WHEN answered_at IS NOT NULL THEN 'answered' END
  ], NULL) AS done
FROM (SELECT * FROM messages WHERE ${OWN} AND id = $2) m LEFT JOIN runs r ON r.id = m.run_id`;

/** Finds a message in the inbox of a user; null when the user has no such message. */
export async function findOwnMessage({ pool }: Database, userId: string, id: string): Promise<OwnMessage | null> {
  const { rows } = await pool.query<OwnMessage>({ name: 'find-own-message', text: FIND, values: [userId, id] });
  return rows[0] ?? null;
}

/** SQL: the time of the stored event of a reaction. */
const timeOf = (n: number): string => `(SELECT at FROM events WHERE user_id = $1 AND message_id = $${n})`;

/** The message is marked by its stored events. So the first answer of two holds, and nothing is marked without its event. */
const MARK = `
UPDATE messages SET
  seen_at = coalesce(seen_at, ${timeOf(3)}), clicked_at = coalesce(clicked_at, ${timeOf(4)}),
  dismissed_at = coalesce(dismissed_at, ${timeOf(5)}), answered_at = coalesce(answered_at, ${timeOf(6)}),
  answer = coalesce(answer, (SELECT properties ->> 'value' FROM events WHERE user_id = $1 AND message_id = $6))
WHERE ${OWN} AND id = $2
RETURNING answer`;

/**
 * Stores what a user did with a message: an event for what they had not done yet, and its time with the message. A message that is
 * clicked, dismissed or answered also counts as seen.
 * @param value the answer, if the reaction is one
 * @param at epoch milliseconds of the journey clock
 * @returns the answer that the message now has, and the events that are awaited
 */
export async function recordReaction(
  database: Database,
  definitions: DefinitionsProvider,
  reacted: Reacted,
): Promise<{ readonly answer: string | null; readonly pending: readonly PendingEvent[] }> {
  const { userId, message, reaction, at } = reacted;
  const fresh = ([...new Set(['seen', reaction])] as MessageReaction[]).filter((one) => !message.done.includes(one));
  if (fresh.length === 0) return { answer: message.answer, pending: [] };
  const events = fresh.map((one) => eventOf(reacted, one));
  const { pending } = await ingest(database, definitions, { events, aliases: [], receivedAt: at });
  const ids = (['seen', 'clicked', 'dismissed', 'answered'] as const).map((one) => eventId(message, one));
  const mark = { name: 'mark-own-message', text: MARK, values: [userId, message.id, ...ids] };
  const { rows } = await retryOnConflict(() => database.pool.query<{ answer: string | null }>(mark));
  announceInApp(database.pool, [userId]);
  return { answer: rows[0]?.answer ?? null, pending };
}

/** What a user did with a message. */
export interface Reacted {
  readonly userId: string;
  readonly message: OwnMessage;
  readonly reaction: MessageReaction;
  readonly value?: string;
  readonly at: number;
}

/** Apps can't send events with such an id, so what is stored under it is a reaction to this message. */
function eventId({ id }: OwnMessage, reaction: MessageReaction): string {
  return `sojourn:${reaction}:${id}`;
}

function eventOf({ userId, message, value, at }: Reacted, reaction: MessageReaction): IncomingEvent {
  return {
    userId,
    messageId: eventId(message, reaction),
    type: 'track',
    name: REACTIONS[reaction],
    at,
    // Apps report by themselves what they show.
    active: reaction !== 'seen',
    traits: null,
    properties: JSON.stringify(reactionProperties(message, reaction === 'answered' ? value : undefined)),
    anonymousId: null,
  };
}
