import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../engine/model/json';
import { until } from '../dev/until';
import { openDatabase } from '../store/database';
import { publishDraft, saveDraft } from '../store/stored-journeys';
import { copyUsers } from './copy-users';
import { did } from './people';
import type { Side } from './side';

const CROWD = 'crowd';

/**
 * Puts many users into a stored journey that waits.
 * @returns a function that publishes an edit of the journey, which wakes them all
 */
export async function editForMany(ours: Side, users: number): Promise<() => Promise<void>> {
  const userId = randomUUID();
  await publish(ours, '30 days');
  await ours.api.post('/v1/track', did(userId, `${CROWD} begun`));
  const inside = async (): Promise<boolean> =>
    (await ours.pool.query('SELECT FROM runs WHERE user_id = $1 AND position IS NOT NULL', [userId])).rowCount === 1;
  await until('a user is inside the journey', inside);
  await copyUsers(ours.pool, [userId], users - 1);
  return () => publish(ours, '60 days');
}

/** Publishes the journey, as the API does after its checks. */
async function publish({ databaseUrl }: Side, within: string): Promise<void> {
  const definition: JsonObject = {
    enter: { kind: 'event', event: `${CROWD} begun` },
    events: { [`${CROWD} begun`]: { example: {} }, [`${CROWD} over`]: { example: {} } },
    steps: [{ kind: 'waitFor', step: 'wait', events: [`${CROWD} over`], within }],
  };
  const database = openDatabase(databaseUrl);
  try {
    await saveDraft(database, CROWD, definition, null);
    await publishDraft(database, { id: CROWD, author: 'bench', note: '' }, definition);
  } finally {
    await database.close();
  }
}
