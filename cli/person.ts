import { replayLife, type Life } from '../engine/compare/life';
import type { Definitions } from '../engine/definitions/definitions';
import type { MemoryHost } from '../engine/testing/memory-host';
import type { Database } from '../store/database';
import { findLife, recordedMessages } from '../store/lives';

/**
 * A person's stored life.
 * @throws {Error} when there is no such user
 */
export async function lifeOf(database: Database, user: string): Promise<Life> {
  const life = await findLife(database, user);
  if (!life) throw new Error(`There is no user '${user}'.`);
  return life;
}

/**
 * Where what was recorded went otherwise than the journeys of today decide: they were others then, or late, or the traits were.
 * A line for each message that was sent and would not be, or the other way round.
 */
export async function recordedOtherwise(
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
