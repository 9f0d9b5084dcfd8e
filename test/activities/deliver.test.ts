import { compile } from '../../engine/outline/compile';
import { Pool } from 'pg';
import { deliver } from '../../activities/deliver';
import type { ActivityDeps } from '../../activities/deps';
import type { Channel } from '../../activities/channels/channel';
import { InFlight } from '../../activities/in-flight';
import { createLogger } from '../../config/log';
import { lifecycle, policy } from '../../engine';
import { systemClock } from '../../engine/model/clock';
import { staticDefinitions } from '../../engine/definitions/definitions';
import type { ChannelName } from '../../engine/model/state';
import { testDatabase, type TestDatabase } from '../support/database';

const ID = 'd520036d-3ce2-5491-8207-ef03816b1ea3';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

async function storeMessage(attempts: number): Promise<void> {
  await database.knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0 });
  await database.knex('messages').insert({
    id: ID,
    user_id: 'ada',
    journey: 'trial',
    step: 'welcome',
    channel: 'email',
    template: 'welcome',
    status: 'retrying',
    transactional: false,
    data: {},
    decided_at: 0,
    expires_at: Date.now() + 86_400_000,
    attempts,
  });
}

/** The dependencies of a worker with this function as every channel. */
async function depsWith(act: Channel['deliver']): Promise<ActivityDeps> {
  const channel = (name: ChannelName): Channel => ({ name, deliver: act, close: async () => undefined });
  const sources = { journeys: [], lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
  return {
    pool: database.pool,
    clock: systemClock,
    definitions: staticDefinitions(await compile(sources)),
    channels: { email: channel('email'), webPush: channel('webPush'), inApp: channel('inApp') },
    inFlight: new InFlight(),
    release: { seq: 1 },
    publicUrl: 'http://localhost:3000',
    log: createLogger('test', 'silent'),
  };
}

test('unexpected errors of a channel get longer pauses each time, and their text does not leave the worker', async () => {
  await storeMessage(4);
  const deps = await depsWith(async () => {
    throw new TypeError('no such person as ada@example.com');
  });
  const failure = { type: 'TypeError', message: 'TypeError', nextRetryDelay: 160_000 };
  await expect(deliver(deps, ID)).rejects.toMatchObject(failure);
});

test('deliveries retry at long intervals while the database is down', async () => {
  const deps = { ...(await depsWith(async () => ({ outcome: 'sent', providerId: '1' }))), ...unreachable() };
  await expect(deliver(deps, ID)).rejects.toMatchObject({ nextRetryDelay: 30_000 });
});

/** A pool for a server that does not exist. */
function unreachable(): Pick<ActivityDeps, 'pool'> {
  return { pool: new Pool({ connectionString: 'postgres://127.0.0.1:1/none' }) };
}
