import pino from 'pino';
import { Relay } from '../../activities/relay';
import { freePort } from '../../dev/port';
import { openChat } from '../../store/conversations';
import { Release } from '../../store/releases';
import { createClient } from '../../temporal/connection';
import { testDatabase } from '../support/database';
import { until } from '../support/until';
import { depsWith } from './support';

test('a part of a round that fails is reported, and the parts behind it are done', async () => {
  const database = await testDatabase();
  const { pool, knex } = database;
  const participants = ['ada', 'bob'].map((userId) => ({ userId, role: userId, name: userId }));
  await openChat(pool, { chat: 'delivery', key: 'order-1', participants, at: 1, keepMs: 1 });
  // Both parts before the deletion of conversations read what is missing here.
  await knex.schema.dropTable('tracked_events');
  await knex.schema.alterTable('runs', (table) => table.dropColumn('forget_next'));
  const failed = new Set<unknown>();
  const log = pino(
    { level: 'warn' },
    { write: (line: string) => failed.add((JSON.parse(line) as { part?: string }).part) },
  );
  const { clock, definitions, lateness, starts } = await depsWith(database, () => Promise.reject(new Error('unused')));
  const address = `127.0.0.1:${await freePort()}`;
  const client = createClient({ address, namespace: 'default', apiKey: null, tls: null });
  const release = new Release(pool);
  const retention = { events: null, messages: null, runs: null };
  const relay = new Relay({
    pool,
    retention,
    clock,
    client,
    taskQueue: 'none',
    starts,
    release,
    definitions,
    lateness,
    log,
  });
  relay.start();
  await until('the conversation is deleted', async () => (await knex('conversations')).length === 0);
  await relay.stop();
  expect([...failed].sort()).toEqual(['forgetting properties', 'receiving lost events']);
  await client.connection.close();
  await database.drop();
});
