import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../engine/model/json';
import type { Database } from '../../../store/database';
import { until } from '../../support/until';
import type { Call, Deployment } from './deployment';

/** What people do in the fixture journeys; whatever else happens, it leads to one outcome each. */
export const ROLES = ['builder', 'sleeper', 'late', 'leaver'] as const;
export type Role = (typeof ROLES)[number];

export interface Person {
  readonly id: string;
  readonly role: Role;
  readonly plan: string;
}

/** What somebody does once they have been nudged. */
const AFTER_NUDGE: Partial<Record<Role, string>> = { late: 'Project Created', leaver: 'Account Closed' };

/** As many people, in all roles by turns. */
export function cast(size: number, roles: readonly Role[] = ROLES): Person[] {
  return Array.from({ length: size }, (_, index) => ({
    id: randomUUID(),
    role: roles[index % roles.length] ?? 'builder',
    plan: index % 3 === 0 ? 'pro' : 'free',
  }));
}

const SELDOM = { everyMs: 250 } as const;
/** Not everybody begins at once. */
const LONGER = { ...SELDOM, timeoutMs: 850_000 } as const;

/** An event, that happens now. */
export function event({ id }: Pick<Person, 'id'>, name: string, properties: JsonObject = {}): Call {
  return { ...happening(id), type: 'track', event: name, properties };
}

function happening(userId: string): Pick<Call, 'userId' | 'messageId' | 'timestamp'> {
  return { userId, messageId: randomUUID(), timestamp: new Date().toISOString() };
}

/** How a trial begins: who it is, and that it does. */
export function beginning(person: Person): Call[] {
  const { id, plan } = person;
  const traits = { email: `${id}@example.com`, plan };
  return [{ ...happening(id), type: 'identify', traits }, event(person, 'Trial Started', { plan })];
}

/** What a builder does at once, and nobody else. */
export function building(person: Person): Call[] {
  return person.role === 'builder' ? [event(person, 'Project Created', { name: 'Ark' })] : [];
}

/** All of a tour: who it is, that it starts, and its five stops. */
export function touring(tourist: Pick<Person, 'id'>): Call[] {
  const { id } = tourist;
  return [
    { ...happening(id), type: 'identify', traits: { email: `${id}@example.com`, plan: 'free' } },
    event(tourist, 'Tour Started'),
    ...[1, 2, 3, 4, 5].map((stop) => event(tourist, 'Stop Reached', { stop })),
  ];
}

/** Everybody lives through their story, whatever happens meanwhile; resolves when all is over and nothing under way any more. */
export async function live(deployment: Deployment, people: readonly Person[]): Promise<void> {
  await Promise.all([begin(deployment, people), react(deployment, people)]);
  await end(deployment);
}

/** They begin, some at a time, and builders build at once; answers how often the API did not take it at first. */
export async function begin(deployment: Deployment, people: readonly Person[]): Promise<number> {
  const waiting = [...people];
  let refusals = 0;
  const oneByOne = async (): Promise<void> => {
    for (let person = waiting.shift(); person; person = waiting.shift()) {
      // In one request: an outage between two of them might last for longer than a builder is waited for.
      refusals += await deployment.post([...beginning(person), ...building(person)]);
    }
  };
  await Promise.all(Array.from({ length: 4 }, oneByOne));
  return refusals;
}

/** Those who react to the nudge do so as soon as it is decided; `told` is how the app tells of it, once by default. */
export async function react(
  deployment: Deployment,
  people: readonly Person[],
  told: (call: Call) => readonly Call[] = (call) => [call],
): Promise<void> {
  const waiting = new Map(people.flatMap((person) => (AFTER_NUDGE[person.role] ? [[person.id, person]] : [])));
  const reacted = async (): Promise<boolean> => {
    for (const id of await nudged(deployment.database)) {
      const person = waiting.get(id);
      if (!person) continue;
      waiting.delete(id);
      await deployment.post(told(event(person, AFTER_NUDGE[person.role] ?? '', { name: 'Ark' })));
    }
    return waiting.size === 0;
  };
  await until('everybody nudged has reacted', reacted, LONGER);
}

/**
 * Resolves when nothing is under way any more.
 * @throws {Error} with what is left, and what the workers said last
 */
export async function end(deployment: Deployment): Promise<void> {
  const { database } = deployment;
  try {
    await until('everything is over', async () => (await underWay(database)) === 0, SELDOM);
  } catch (cause) {
    throw new Error(`Not over: ${await left(database)}\n${deployment.logs().slice(-5_000)}`, { cause });
  }
}

/** Some of those with whom something is under way, and how they stand. */
async function left({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `SELECT u.id, u.wake_at, u.release, u.relayed_at, u.awaiting, u.awaiting_version, (SELECT max(seq) FROM releases) AS newest,
       (SELECT json_agg(json_build_array(r.status, r.position)) FROM runs r WHERE r.user_id = u.id) AS runs,
       (SELECT json_agg(e.name) FROM events e WHERE e.user_id = u.id AND e.pending) AS pending,
       (SELECT json_agg(json_build_array(m.step, m.status, m.attempts, m.lease_until)) FROM messages m WHERE m.user_id = u.id) AS messages
     FROM users u WHERE u.id IN (SELECT user_id FROM runs WHERE status IN ('active', 'failed') UNION SELECT user_id FROM events WHERE pending
       UNION SELECT user_id FROM messages WHERE status NOT IN ('sent', 'suppressed', 'cancelled')) LIMIT 5`,
  );
  return JSON.stringify([new Date(), ...rows]);
}

async function nudged({ pool }: Database): Promise<string[]> {
  const { rows } = await pool.query<{ user_id: string }>(`SELECT user_id FROM messages WHERE step = 'nudge'`);
  return rows.map((row) => row.user_id);
}

/** How much is not over yet: runs, events nobody has looked at, messages on their way. */
export async function underWay({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM runs WHERE status IN ('active', 'failed')) + (SELECT count(*) FROM events WHERE pending)
       + (SELECT count(*) FROM messages WHERE status NOT IN ('sent', 'suppressed', 'cancelled')) AS count`,
  );
  return rows[0]?.count ?? 0;
}
