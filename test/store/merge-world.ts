import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '../support/database';

/** What is stored of a person. */
export interface Person {
  /** False for one who exists, but of whom no event is known. */
  readonly heard: boolean;
  /** Whether they have a lifecycle, with a run and an open message. */
  readonly lives: boolean;
  /** Whether that lifecycle has been in an experiment. */
  readonly isAssigned: boolean;
  /** The trait of that name, or undefined if they have none. */
  readonly email: string | null | undefined;
  readonly consent: Readonly<Record<string, boolean>>;
  readonly messageIds: readonly string[];
  readonly stages: readonly string[];
  readonly hasBrowser: boolean;
  readonly hasDevice: boolean;
  /** The keys of the conversations in which they take part. */
  readonly conversations: readonly string[];
}

/** People by their ids. */
export type World = ReadonlyMap<string, Person>;

/** Replaces everything in a database by these people. Each thing of a person tells whose it is. */
export async function insertWorld({ knex }: TestDatabase, world: World): Promise<void> {
  await knex.raw('TRUNCATE users, events, aliases, erasures, conversations CASCADE');
  const all = [...world].map(([id, person], n) => ({ id, n, ...person }));
  const insert = async (table: string, rows: object[]): Promise<void> => {
    if (rows.length > 0) await knex(table).insert(rows);
  };
  await insert(
    'users',
    all.map(({ id, n, heard, lives, isAssigned, email, consent }) => ({
      id,
      created_at: 10 - n,
      last_seen_at: heard ? 10 + n : 0,
      memory: lives ? JSON.stringify({ of: id, ...(isAssigned && { assignedAs: id }) }) : null,
      stage: lives ? id : '',
      wake_at: lives ? n : null,
      traits: { email, [`only ${id}`]: id, of: id, groups: { [id]: 1, all: id } },
      consent,
    })),
  );
  const event = { type: 'track', name: 'Clicked', at: 1, received_at: 1, pending: true };
  await insert(
    'events',
    all.flatMap(({ id, messageIds }) =>
      messageIds.map((messageId) => ({ ...event, user_id: id, message_id: messageId, properties: { of: id } })),
    ),
  );
  const runs = all.filter(({ lives }) => lives).map(({ id }) => ({ id: randomUUID(), user_id: id }));
  await insert(
    'runs',
    runs.map((run) => ({ ...run, journey: `of ${run.user_id}`, status: 'active', entered_at: 1, body: { x: 1 } })),
  );
  const message = { step: 's', channel: 'email', template: 't', transactional: false, data: {}, decided_at: 1 };
  await insert(
    'messages',
    runs.map(({ id, user_id }) => ({
      ...message,
      id: randomUUID(),
      run_id: id,
      user_id,
      journey: `of ${user_id}`,
      status: 'held',
      expires_at: 2,
    })),
  );
  await insert(
    'stage_changes',
    all.flatMap(({ id, stages }) => stages.map((to) => ({ user_id: id, at: 1, from: '', to, reason: id }))),
  );
  await insert(
    'push_subscriptions',
    all
      .filter(({ hasBrowser }) => hasBrowser)
      .map(({ id }) => ({ user_id: id, endpoint: `https://push.example/${id}`, keys: '{}', created_at: 1 })),
  );
  await insert(
    'push_devices',
    all
      .filter(({ hasDevice }) => hasDevice)
      .map(({ id }) => ({ user_id: id, service: 'fcm', token: id, platform: 'android', last_seen_at: 1 })),
  );
  const keys = [...new Set(all.flatMap(({ conversations }) => conversations))];
  for (const key of keys) {
    const inserted = { chat: 'delivery', key, changed_at: 1, active_at: 1, delete_at: 2 };
    const [row] = await knex('conversations').insert(inserted).returning<{ id: number }[]>('id');
    const people = all.filter(({ conversations }) => conversations.includes(key));
    const rest = { conversation: row?.id, name: 'x', from_n: 0, shown_until: 2 };
    await insert(
      'chat_participants',
      people.map(({ id }, n) => ({ ...rest, n, user_id: id, role: id })),
    );
  }
}

/**
 * Everything in a database that a merge decides, in a comparable form. Only whether a user is woken counts, not how often. Erasures
 * are those of people who were there at first.
 */
export async function worldIn({ pool }: TestDatabase, world: World): Promise<unknown> {
  const read = async (columns: string, rest: string, values: unknown[] = []): Promise<unknown> =>
    (await pool.query(`SELECT ${columns} FROM ${rest}`, values)).rows;
  return {
    users: await read(
      'id, traits, consent, created_at, last_seen_at, memory, stage, wake_at, awaiting_version',
      'users ORDER BY id',
    ),
    events: await read(
      "DISTINCT user_id, name, properties, pending, CASE type WHEN 'track' THEN message_id END",
      'events ORDER BY 1, 2, 5',
    ),
    runs: await read('user_id, journey, status, reason, ended_at, body', 'runs ORDER BY journey'),
    messages: await read('user_id, journey, status, reason', 'messages ORDER BY journey'),
    stages: await read('user_id, at, "to", reason', 'stage_changes ORDER BY user_id, id'),
    browsers: await read('user_id, endpoint', 'push_subscriptions ORDER BY endpoint'),
    devices: await read('user_id, token', 'push_devices ORDER BY token'),
    conversations: await read(
      'c.key, p.user_id, p.role, p.left_at, p.shown_until',
      'chat_participants p JOIN conversations c ON c.id = p.conversation ORDER BY c.key, p.role',
    ),
    aliases: await read('*', 'aliases ORDER BY previous_id'),
    erased: await read('user_id', 'erasures WHERE user_id = ANY ($1) ORDER BY user_id', [[...world.keys()]]),
  };
}
