import type { Pool } from 'pg';
import { CHAT_EVENTS } from '../engine/model/chat-events';
import { retryOnConflict } from './conflict';
import type { ConversationKey } from './conversations';
import { announceInApp } from './in-app-announcements';
import { prepared, type Placeholders, type Query } from './sql';
import type { EventUnderWay } from './tracked-events';

/** Somebody in a conversation, at an instant: epoch milliseconds of the journey clock. */
export interface OwnConversation extends ConversationKey {
  readonly userId: string;
  readonly at: number;
}

/** That somebody has seen a message, and all before it. */
export type Seeing = OwnConversation & { readonly id: string };

/** That somebody reports a message, or whoever said the last one. */
export type Report = OwnConversation & { readonly id: string | null; readonly reason: string | null };

/** What became of it. `no message`: there is no such message of somebody else in the conversation. */
export interface Reacted {
  readonly outcome: 'done' | 'no conversation' | 'no message';
  /** The events that it led to, which have to be received. */
  readonly events: readonly EventUnderWay[];
}

interface Row extends Reacted {
  /** The users whose apps may show something else now. */
  readonly users: readonly string[];
}

type Params = Placeholders<OwnConversation>;

/** SQL: the user's own participation. It is locked, so that the conversation is not deleted meanwhile. */
const own = (param: Params): string => `own AS (
  SELECT p.conversation, p.n, p.from_n FROM chat_participants p JOIN conversations c ON c.id = p.conversation
  WHERE c.chat = ${param.chat} AND c.key = ${param.key} AND p.user_id = ${param.userId} AND p.left_at IS NULL
    AND c.delete_at > ${param.at}
  FOR KEY SHARE OF p
)`;

/**
 * SQL: the event of a reaction, on its way to the user who reacted.
 * @param from SQL: a table with a row if there is an event
 * @param properties SQL: more properties
 */
const tracked = (
  param: Params,
  name: string,
  active: boolean,
  from: string,
  properties = `'{}'::jsonb`,
): string => `tracked AS (
  INSERT INTO tracked_events (id, from_user, user_id, name, at, properties, active)
  SELECT gen_random_uuid(), ${param.userId}, ${param.userId}, '${name}', ${param.at}::bigint,
    jsonb_build_object('chat', ${param.chat}::text, 'key', ${param.key}::text) || ${properties}, ${active}
  FROM ${from} RETURNING *
)`;

const EVENTS = `coalesce((SELECT json_agg(json_build_object(
  'id', t.id, 'userId', t.user_id, 'name', t.name, 'at', t.at, 'properties', t.properties, 'active', t.active)) FROM tracked t), '[]')`;

/** SQL: all who take part in the conversation, if anything has changed. */
const USERS = `ARRAY(
  SELECT p.user_id FROM chat_participants p JOIN own ON own.conversation = p.conversation
  WHERE p.left_at IS NULL AND EXISTS (SELECT FROM tracked)
)`;

const SEE = prepared<Seeing>(
  'see-chat-message',
  (param) => `
WITH ${own(param)}, message AS (
  SELECT m.n FROM chat_messages m JOIN own ON own.conversation = m.conversation WHERE m.id = ${param.id} AND m.n > own.from_n
), moved AS (
  UPDATE chat_participants p SET seen_n = message.n FROM own, message
  WHERE p.conversation = own.conversation AND p.n = own.n AND p.seen_n < message.n
  RETURNING p.n
), ${tracked(param, CHAT_EVENTS.seen, false, 'moved')}
SELECT CASE WHEN NOT EXISTS (SELECT FROM own) THEN 'no conversation' WHEN NOT EXISTS (SELECT FROM message) THEN 'no message' ELSE 'done' END
    AS outcome, ${EVENTS} AS events, ${USERS} AS users`,
);

/** A report is about one message or about none, so one person makes few. Its reason is the latest one. */
const REPORT = prepared<Report>(
  'report-chat-message',
  (param) => `
WITH ${own(param)}, message AS (
  SELECT m.n, m.participant FROM chat_messages m JOIN own ON own.conversation = m.conversation
  WHERE m.participant <> own.n AND m.n > own.from_n AND m.id = coalesce(${param.id}::uuid, m.id)
  ORDER BY m.n DESC LIMIT 1
), reported AS (
  SELECT o.role FROM chat_participants o JOIN own ON own.conversation = o.conversation AND own.n <> o.n LEFT JOIN message ON true
  WHERE o.n = message.participant OR (message.n IS NULL AND o.left_at IS NULL AND ${param.id}::uuid IS NULL)
  ORDER BY o.n LIMIT 1
), stored AS (
  INSERT INTO chat_reports AS r (conversation, participant, message_n, role, reason, at)
  SELECT own.conversation, own.n, CASE WHEN ${param.id}::uuid IS NULL THEN 0 ELSE message.n END, reported.role, ${param.reason}::text,
    ${param.at}::bigint
  FROM own CROSS JOIN reported LEFT JOIN message ON true
  ON CONFLICT (conversation, participant, message_n) DO UPDATE SET reason = coalesce(excluded.reason, r.reason)
  -- A row that was inserted has no xmax.
  RETURNING r.role, r.xmax = 0 AS is_new
), ${tracked(param, CHAT_EVENTS.reported, true, 'stored WHERE stored.is_new', `jsonb_build_object('role', stored.role)`)}
SELECT CASE WHEN NOT EXISTS (SELECT FROM own) THEN 'no conversation' WHEN NOT EXISTS (SELECT FROM stored) THEN 'no message' ELSE 'done' END
    AS outcome, ${EVENTS} AS events, '{}'::text[] AS users`,
);

/** The conversation is locked as by those who say something, so nothing is said once this is done. */
const BLOCK = prepared<OwnConversation>(
  'block-in-conversation',
  (param) => `
WITH ${own(param)}, conv AS (
  SELECT c.id FROM conversations c JOIN own ON own.conversation = c.id FOR UPDATE OF c
), last AS (
  SELECT max(o.n) AS n FROM chat_participants o JOIN conv ON conv.id = o.conversation WHERE o.left_at IS NULL
), blocked AS (
  UPDATE chat_participants p SET blocked_n = last.n FROM own, last
  WHERE p.conversation = own.conversation AND p.n = own.n AND p.blocked_n IS DISTINCT FROM last.n
  RETURNING p.n
), ${tracked(param, CHAT_EVENTS.blocked, true, 'blocked')}
SELECT CASE WHEN EXISTS (SELECT FROM own) THEN 'done' ELSE 'no conversation' END AS outcome, ${EVENTS} AS events, ${USERS} AS users`,
);

/** Notes that a user has seen a message, and all before it. */
export const seeInChat = (pool: Pool, seeing: Seeing): Promise<Reacted> => react(pool, SEE(seeing));

/** Stores a report. One person reports a message once. */
export const reportInChat = (pool: Pool, report: Report): Promise<Reacted> => react(pool, REPORT(report));

/** Blocks whoever else takes part: from now on nobody can say anything in the conversation. */
export const blockInChat = (pool: Pool, own: OwnConversation): Promise<Reacted> => react(pool, BLOCK(own));

async function react(pool: Pool, query: Query): Promise<Reacted> {
  const { rows } = await retryOnConflict(() => pool.query<Row>(query));
  const [row] = rows;
  if (!row) throw new Error('A SELECT without a table returned no row; it always returns one.');
  announceInApp(pool, row.users);
  return row;
}
