import { replayLife, type Life } from '../engine/compare/life';
import type { Definitions } from '../engine/definitions/definitions';
import type { MemoryHost } from '../engine/testing/memory-host';
import type { Database } from '../store/database';
import { findLife, recordedMessages } from '../store/lives';

/**
 * Loads a user's stored history.
 * @throws {Error} when there is no such user
 */
export async function lifeOf(database: Database, user: string): Promise<Life> {
  const life = await findLife(database, user);
  if (!life) throw new Error(`Unknown user: '${user}'. Expected the id of a user in the database.`);
  return life;
}

/**
 * Compares the recorded messages with what the current journeys decide. They can differ because the journeys or the traits were
 * edited since, or because a worker was late.
 * @param until end of the replay, epoch milliseconds
 * @returns one line for each message that was sent and now would not be, or the other way round
 */
export async function recordedDifferences(
  database: Database,
  life: Life,
  definitions: Definitions,
  until: number,
): Promise<string[]> {
  const recorded = await recordedMessages(database, life.id, until);
  const { messages } = await replayLife(life, definitions, until);
  const known = new Set(recorded.map(({ id }) => id));
  return [
    ...recorded.flatMap(({ id, journey, step, sent }) => {
      const today = wentOut(messages, id);
      return sent === today ? [] : [`${journey}, '${step}' was ${sent ? 'sent' : 'not sent'}`];
    }),
    ...[...messages.values()]
      .filter(({ id }) => !known.has(id) && wentOut(messages, id))
      .map(({ journey, step }) => `${journey}, '${step}' was not reached`),
  ];
}

function wentOut(messages: MemoryHost['messages'], id: string): boolean {
  return messages.get(id)?.status === 'queued';
}
