import { strict as assert } from 'node:assert';
import { reactionsTo } from '../../sdk/in-app';
import type { Bench, Check } from '../bench';

/** The names of the user's events that are stored, in order. */
async function stored({ api }: Bench, userId: string): Promise<string[]> {
  const rows = await api.database.knex<{ name: string; id: number }>('events').where('user_id', userId).orderBy('id');
  return rows.map(({ name }) => name);
}

/** What a client keeps while there is no network, and across a restart. */
export const OFFLINE_CHECKS: readonly Check[] = [
  {
    name: 'what the user did without network is sent after a restart, in order',
    says: 'A client keeps reactions and events until they are accepted',
    run: async (bench) => {
      const { proxy, user } = bench;
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start();
      await bench.untilMessages(client, message);
      proxy.disconnect();
      await client.react(message, 'seen');
      await client.track('Level Finished');
      await client.react(message, 'dismissed');
      await client.kill();
      const already = proxy.requests('POST').length;
      proxy.connect();
      await bench.start();
      await bench.until('all is accepted', async () => (await reactionsTo(bench.api, message)).includes('dismissed'));
      const paths = proxy
        .requests('POST')
        .slice(already)
        .map(({ path }) => path);
      assert.deepEqual(paths, [`/v1/inbox/${message}/seen`, '/v1/in-app/events', `/v1/inbox/${message}/dismissed`]);
      assert((await stored(bench, user.id)).includes('Level Finished'));
    },
  },
  {
    name: 'the latest 1,000 events are kept, and sent in order, 100 at most at once',
    says: 'at most 1,000, oldest first out',
    speed: 10,
    run: async (bench) => {
      const { proxy, user } = bench;
      proxy.disconnect();
      const client = await bench.start();
      const names = Array.from({ length: 1_005 }, (_, index) => `Event ${index}`);
      for (const name of names) await client.track(name);
      proxy.connect();
      await bench.until('the last is stored', async () => (await stored(bench, user.id)).includes('Event 1004'));
      assert.deepEqual(await stored(bench, user.id), names.slice(5));
      for (const { body } of proxy.requests('POST'))
        assert((JSON.parse(body) as { events: unknown[] }).events.length <= 100, 'A request has more than 100 calls.');
    },
  },
  {
    name: 'what one user did is never sent in the name of another',
    says: 'It keeps them apart for each user, whose id is the claim `sub` of the token',
    run: async (bench) => {
      const { proxy, user } = bench;
      const other = await bench.otherUser();
      proxy.disconnect();
      const first = await bench.start();
      await first.track('Of The First');
      await first.kill();
      proxy.connect();
      const second = await bench.start({ user: other });
      await second.track('Of The Second');
      await bench.until('the other one is stored', async () => (await stored(bench, other.id)).length > 0);
      assert.deepEqual(await stored(bench, other.id), ['Of The Second']);
      await second.kill();
      await bench.start();
      await bench.until('the first one is stored', async () => (await stored(bench, user.id)).length > 0);
      assert.deepEqual(await stored(bench, user.id), ['Of The First']);
    },
  },
  {
    name: 'a start without network shows the last state, without what has expired',
    says: 'A client that starts without network shows the last state that it had of this user, until the server answers.',
    speed: 5,
    run: async (bench) => {
      const { proxy, user } = bench;
      await user.store({ step: 'short', expiresAt: Date.now() + 60_000 });
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const before = await bench.start();
      await bench.untilShown(before, 'the state', ({ messages }) => messages.includes(message));
      await before.kill();
      proxy.disconnect();
      const client = await bench.start();
      await client.tell({ do: 'later', seconds: 120 });
      await bench.untilMessages(client, message);
      await user.setPoints(6);
      proxy.connect();
      await bench.untilShown(client, 'what the server says', ({ points }) => points === 6);
    },
  },
];
