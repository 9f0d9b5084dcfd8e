import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../engine/model/json';
import type { Database } from '../../../store/database';
import { until } from '../../support/until';
import type { Call, Deployment } from './deployment';

/** The behaviors of people in the fixture journeys. Each leads to one outcome, whatever else happens. */
export const ROLES = ['builder', 'sleeper', 'late', 'leaver'] as const;
export type Role = (typeof ROLES)[number];

export interface Person {
  readonly id: string;
  readonly role: Role;
  readonly plan: string;
}

/** The event with which a role reacts to the nudge. */
const AFTER_NUDGE: Partial<Record<Role, string>> = { late: 'Project Created', leaver: 'Account Closed' };

/** Creates people. The roles alternate. */
export function cast(size: number, roles: readonly Role[] = ROLES): Person[] {
  return Array.from({ length: size }, (_, index) => ({
    id: randomUUID(),
    role: roles[index % roles.length] ?? 'builder',
    plan: index % 3 === 0 ? 'pro' : 'free',
  }));
}

const RARELY = { everyMs: 250 } as const;
/** Longer than usual, because people begin one after the other. */
const LONGER = { ...RARELY, timeoutMs: 850_000 } as const;

/** Returns the call for an event that happens now. */
export function event({ id }: Pick<Person, 'id'>, name: string, properties: JsonObject = {}): Call {
  return { ...callNow(id), type: 'track', event: name, properties };
}

function callNow(userId: string): Pick<Call, 'userId' | 'messageId' | 'timestamp'> {
  return { userId, messageId: randomUUID(), timestamp: new Date().toISOString() };
}

/** Returns the calls with which a trial begins: who the person is, and the start of the trial. */
export function beginning(person: Person): Call[] {
  const { id, plan } = person;
  const traits = { email: `${id}@example.com`, plan };
  return [{ ...callNow(id), type: 'identify', traits }, event(person, 'Trial Started', { plan })];
}

/** Returns the calls that only a builder makes, right after the beginning. */
export function building(person: Person): Call[] {
  return person.role === 'builder' ? [event(person, 'Project Created', { name: 'Ark' })] : [];
}

/** Returns all calls of a tour: who the person is, the start, and five stops. */
export function touring(tourist: Pick<Person, 'id'>): Call[] {
  const { id } = tourist;
  return [
    { ...callNow(id), type: 'identify', traits: { email: `${id}@example.com`, plan: 'free' } },
    event(tourist, 'Tour Started'),
    ...[1, 2, 3, 4, 5].map((stop) => event(tourist, 'Stop Reached', { stop })),
  ];
}

/** Runs all people through their journeys. Resolves when all runs have ended and no work is in progress. */
export async function live(deployment: Deployment, people: readonly Person[]): Promise<void> {
  await Promise.all([begin(deployment, people), react(deployment, people)]);
  await end(deployment);
}

/**
 * Posts the first calls of all people, four people at a time.
 * @returns how many requests the API refused before it accepted them
 */
export async function begin(deployment: Deployment, people: readonly Person[]): Promise<number> {
  const waiting = [...people];
  let refusals = 0;
  const oneByOne = async (): Promise<void> => {
    for (let person = waiting.shift(); person; person = waiting.shift()) {
      // One request for both. An outage between two requests might outlast the wait for the project.
      refusals += await deployment.post([...beginning(person), ...building(person)]);
    }
  };
  await Promise.all(Array.from({ length: 4 }, oneByOne));
  return refusals;
}

/**
 * Posts the reactions to the nudge, each as soon as the nudge is decided.
 * @param callsFor returns the calls for a reaction; by default, the reaction once
 */
export async function react(
  deployment: Deployment,
  people: readonly Person[],
  callsFor: (call: Call) => readonly Call[] = (call) => [call],
): Promise<void> {
  const waiting = new Map(people.flatMap((person) => (AFTER_NUDGE[person.role] ? [[person.id, person]] : [])));
  const reacted = async (): Promise<boolean> => {
    for (const id of await nudged(deployment.database)) {
      const person = waiting.get(id);
      if (!person) continue;
      waiting.delete(id);
      await deployment.post(callsFor(event(person, AFTER_NUDGE[person.role] ?? '', { name: 'Ark' })));
    }
    return waiting.size === 0;
  };
  await until('all nudged people have reacted', reacted, LONGER);
}

/**
 * Waits until no work is in progress.
 * @throws {Error} with the remaining work and the end of the logs of the workers, when the wait times out
 */
export async function end(deployment: Deployment): Promise<void> {
  const { database } = deployment;
  try {
    await until('all work is done', async () => (await underWay(database)) === 0, RARELY);
  } catch (cause) {
    throw new Error(
      `Expected all work to be done. Remaining: ${await left(database)}\n${deployment.logs().slice(-5_000)}`,
      { cause },
    );
  }
}

/** Describes up to five users with work in progress. */
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

/** Counts the work in progress: open runs, pending events, and messages that are neither sent nor stopped. */
export async function underWay({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM runs WHERE status IN ('active', 'failed')) + (SELECT count(*) FROM events WHERE pending)
       + (SELECT count(*) FROM messages WHERE status NOT IN ('sent', 'suppressed', 'cancelled')) AS count`,
  );
  return rows[0]?.count ?? 0;
}
