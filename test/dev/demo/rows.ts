import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../engine/model/json';
import type { Database } from '../../../store/database';

/** Noon of the first day. */
export const NOON = Date.parse('2026-04-01T12:00:00Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Stores a user. */
export async function person({ knex }: Database, id: string, traits: JsonObject = {}): Promise<void> {
  await knex('users').insert({ id, traits, created_at: 0, last_seen_at: 0 });
}

export interface EventRow {
  readonly user_id: string;
  readonly name: string;
  readonly at: number;
  readonly type?: string;
  readonly properties?: JsonObject;
  readonly pending?: boolean;
}

/** Stores events. */
export async function happened({ knex }: Database, events: readonly EventRow[]): Promise<void> {
  const rows = events.map((event) => ({
    type: 'track',
    properties: {},
    pending: false,
    received_at: event.at,
    message_id: randomUUID(),
    ...event,
  }));
  await knex('events').insert(rows);
}

export interface MessageRow {
  readonly user_id: string;
  readonly status: string;
  readonly journey?: string;
  readonly channel?: string;
  readonly reason?: string;
  readonly transactional?: boolean;
  readonly held_for?: string;
  readonly cause?: string;
  readonly sent_at?: number;
  readonly seen_at?: number;
  readonly clicked_at?: number;
}

/** Stores messages, by default mails. Returns their ids. */
export async function decided({ knex }: Database, messages: readonly MessageRow[]): Promise<string[]> {
  const rows = messages.map((message) => ({
    id: randomUUID(),
    journey: 'welcome',
    step: 'hello',
    channel: 'email',
    template: 'hello',
    transactional: false,
    data: {},
    decided_at: NOON,
    expires_at: NOON + DAY,
    ...message,
  }));
  await knex('messages').insert(rows);
  return rows.map(({ id }) => id);
}

export interface RunRow {
  readonly user_id: string;
  readonly entered_at: number;
  readonly goal_at?: number;
  readonly status?: string;
}

/** Stores runs of a journey. */
export async function entered({ knex }: Database, journey: string, runs: readonly RunRow[]): Promise<void> {
  await knex('runs').insert(runs.map((run) => ({ id: randomUUID(), journey, status: 'active', body: {}, ...run })));
}
