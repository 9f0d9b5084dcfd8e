import type { DefinitionsProvider } from '../engine/definitions/definitions';
import {
  REACTIONS,
  reactionProperties,
  snoozeMs,
  type MessageReaction,
  type ReactedMessage,
  type Said,
} from '../engine/model/message-reaction';
import type { JsonObject } from '../engine/model/json';
import type { Answers } from '../engine/model/survey';
import { resolvedId } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';
import { announceInApp } from './in-app-announcements';
import { OWN, ownedBy } from './inbox';
import { ingest } from './ingest';
import type { IncomingEvent } from './ingest-values';
import type { PendingEvent } from './pending';

/** A message that its user reacts to. */
export interface OwnMessage extends ReactedMessage {
  readonly content: JsonObject;
  /** What the user did with it already. They may put it off again. */
  readonly done: readonly Exclude<MessageReaction, 'snoozed'>[];
  readonly answer: string | null;
  readonly answers: Answers | null;
  /** Epoch milliseconds of the journey clock; null if it was never put off. */
  readonly snoozedUntil: number | null;
}

const FIND = `
SELECT
  m.id, m.journey, m.run_id AS run, r.key, m.step, m.card ->> 'slot' AS slot, coalesce(m.content, '{}') AS content, m.answer, m.answers,
  m.snoozed_until AS "snoozedUntil",
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

/** SQL: the user, who owned the message when it was found and may have been merged into another one since. */
const OWNER = resolvedId('$1');

/** SQL: the time of the stored event of a reaction. */
const timeOf = (n: number): string => `(SELECT at FROM events WHERE user_id = ${OWNER} AND message_id = $${n})`;

/**
 * The message is marked by its stored events. So the first answer of two holds, and nothing is marked without its event. $8 is for how
 * long it is put off.
 */
const MARK = `
UPDATE messages SET
  seen_at = coalesce(seen_at, ${timeOf(3)}), clicked_at = coalesce(clicked_at, ${timeOf(4)}),
  dismissed_at = coalesce(dismissed_at, ${timeOf(5)}), answered_at = coalesce(answered_at, ${timeOf(6)}),
  answer = coalesce(answer, (SELECT properties ->> 'value' FROM events WHERE user_id = ${OWNER} AND message_id = $6)),
  -- What the event has forgotten already is not kept here either.
  answers = CASE WHEN ${timeOf(6)} IS NULL THEN answers
    ELSE (SELECT properties -> 'answers' FROM events WHERE user_id = ${OWNER} AND message_id = $6) END,
  snoozed_until = greatest(snoozed_until, ${timeOf(7)} + $8::bigint)
WHERE ${ownedBy(OWNER)} AND id = $2
RETURNING answer, answers`;

/** What a message is marked with. */
export interface HeldAnswer {
  readonly answer: string | null;
  readonly answers: Answers | null;
}

/**
 * Stores what a user did with a message: an event for what they had not done yet, and its time with the message. A message that is
 * clicked, dismissed, put off or answered also counts as seen.
 * @param said the answer, if the reaction is one
 * @param at epoch milliseconds of the journey clock
 * @returns the answer that the message now has, and the events that are awaited; null when the user was erased meanwhile
 */
export async function recordReaction(
  database: Database,
  definitions: DefinitionsProvider,
  reacted: Reacted,
): Promise<(HeldAnswer & { readonly pending: readonly PendingEvent[] }) | null> {
  const { userId, message, reaction, at } = reacted;
  const fresh = ([...new Set(['seen', reaction])] as MessageReaction[]).filter((one) => !isDone(message, one, at));
  if (fresh.length === 0) return { answer: message.answer, answers: message.answers, pending: [] };
  const events = fresh.map((one) => eventOf(reacted, one));
  const batch = { events, aliases: [], receivedAt: at, ofKnownUsers: true };
  const { pending, isOfNobody } = await ingest(database, definitions, batch);
  if (isOfNobody) return null;
  const ids = MARKED.map((one) => eventId(message, one));
  const values = [userId, message.id, ...ids, snoozeMs(message.content)];
  const mark = { name: 'mark-own-message', text: MARK, values };
  const { rows } = await retryOnConflict(() => database.pool.query<HeldAnswer>(mark));
  announceInApp(database.pool, [userId]);
  const { answer, answers } = rows[0] ?? { answer: null, answers: null };
  return { answer, answers, pending };
}

/** In the order of the parameters of the statement. */
const MARKED = ['seen', 'clicked', 'dismissed', 'answered', 'snoozed'] as const;

function isDone({ done, snoozedUntil }: OwnMessage, reaction: MessageReaction, at: number): boolean {
  return reaction === 'snoozed' ? snoozedUntil !== null && snoozedUntil > at : done.includes(reaction);
}

/** What a user did with a message. */
export interface Reacted {
  readonly userId: string;
  readonly message: OwnMessage;
  readonly reaction: MessageReaction;
  readonly said?: Said;
  readonly at: number;
}

/** What the id of the event of an answer begins with. The id of the message follows. */
export const ANSWER_TO = 'sojourn:answered:';

/** The id of the event that a message was answered. */
export function answerId({ id }: Pick<OwnMessage, 'id'>): string {
  return ANSWER_TO + id;
}

/** Apps can't send events with such an id, so what is stored under it is a reaction to this message. */
function eventId({ id, snoozedUntil }: OwnMessage, reaction: MessageReaction): string {
  // A message can be put off again once it is back. Two requests at the same time are one.
  if (reaction === 'snoozed') return `sojourn:snoozed:${id}:${snoozedUntil ?? 0}`;
  return reaction === 'answered' ? answerId({ id }) : `sojourn:${reaction}:${id}`;
}

function eventOf({ userId, message, said, at }: Reacted, reaction: MessageReaction): IncomingEvent {
  return {
    userId,
    messageId: eventId(message, reaction),
    type: 'track',
    name: REACTIONS[reaction],
    at,
    // Apps report by themselves what they show.
    active: reaction !== 'seen',
    traits: null,
    properties: JSON.stringify(reactionProperties(message, reaction === 'answered' ? said : undefined)),
    anonymousId: null,
  };
}
