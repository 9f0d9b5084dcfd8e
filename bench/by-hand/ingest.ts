import type { Pool } from 'pg';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const id = z.string().min(1).max(200);
const object = z.record(z.string(), z.json());
const common = { userId: id, messageId: id.optional(), timestamp: z.iso.datetime().optional() };

/** The calls that the sides written by hand accept: the part of Segment's spec that the bench uses. */
export const call = z.discriminatedUnion('type', [
  z.object({ ...common, type: z.literal('identify'), traits: object.optional() }),
  z.object({ ...common, type: z.literal('track'), event: id, properties: object.optional() }),
]);
export type Call = z.infer<typeof call>;

/** Stores the users and events of a request in one statement. Users are in sorted order, so that two requests cannot deadlock. */
const INGEST = `
WITH item AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::jsonb[], $7::jsonb[])
    AS i (user_id, message_id, type, name, at, properties, traits)
), person AS (
  INSERT INTO users AS u (id, traits, created_at, last_seen_at)
  SELECT user_id, coalesce((array_agg(traits) FILTER (WHERE traits IS NOT NULL))[1], '{}'), min(at), max(at)
  FROM item GROUP BY user_id ORDER BY user_id
  ON CONFLICT (id) DO UPDATE SET last_seen_at = greatest(u.last_seen_at, excluded.last_seen_at),
    traits = u.traits || excluded.traits
)
INSERT INTO events (user_id, message_id, type, name, at, received_at, properties)
SELECT user_id, message_id, type, name, at, $8::bigint, properties FROM item
ON CONFLICT (user_id, message_id) DO NOTHING`;

/** An event to signal. */
export interface StoredEvent {
  readonly userId: string;
  readonly id: string;
  readonly name: string;
}

/** Stores the calls, and returns the events among them. */
export async function store(pool: Pool, calls: readonly Call[]): Promise<StoredEvent[]> {
  const now = Date.now();
  const rows = calls.map((item) => ({
    userId: item.userId,
    id: item.messageId ?? randomUUID(),
    type: item.type,
    name: item.type === 'track' ? item.event : 'Identify',
    at: item.timestamp === undefined ? now : Date.parse(item.timestamp),
    properties: JSON.stringify((item.type === 'track' ? item.properties : item.traits) ?? {}),
    traits: item.type === 'identify' && item.traits ? JSON.stringify(item.traits) : null,
  }));
  await pool.query({
    name: 'ingest',
    text: INGEST,
    values: [
      rows.map(({ userId }) => userId),
      rows.map((row) => row.id),
      rows.map(({ type }) => type),
      rows.map(({ name }) => name),
      rows.map(({ at }) => at),
      rows.map(({ properties }) => properties),
      rows.map(({ traits }) => traits),
      now,
    ],
  });
  return rows.filter(({ type }) => type === 'track');
}
