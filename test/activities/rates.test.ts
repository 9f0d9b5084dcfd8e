import { handOver } from '../../activities/channels/hand-over';
import { deliver } from '../../activities/deliver';
import type { ActivityDeps } from '../../activities/deps';
import type { Provider } from '../../activities/providers/provider';
import { testDatabase, type TestDatabase } from '../support/database';
import { context } from '../channels/fixture';
import { depsWith, ID, storeMessage } from './support';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

/** A worker with one provider. `turns` are the answers of the rate, and `asked` notes whether each message came from the line. */
async function worker(
  turns: (number | null)[],
  asked: boolean[] = [],
): Promise<{ deps: ActivityDeps; sent: string[] }> {
  const sent: string[] = [];
  const provider: Provider<object> = {
    name: 'relay',
    send: async ({ id }) => {
      sent.push(id);
      return { delivery: { outcome: 'sent', providerId: null }, mayBeTaken: true };
    },
    close: async () => undefined,
  };
  const rendered = { to: 'ada@example.com', content: {}, links: context.links };
  const plain = await depsWith(database, (envelope, signal) => handOver([provider], envelope, rendered, signal));
  const turn = async (isReturned: boolean): Promise<number | null> => {
    asked.push(isReturned);
    return turns.shift() ?? null;
  };
  return { deps: { ...plain, rates: { email: { turn } } }, sent };
}

const row = (): Promise<unknown> => database.knex('messages').first('status', 'attempts', 'waits', 'provider');
const due = async (): Promise<void> => {
  await database.knex('messages').update({ lease_until: null });
};

test('a message without room comes back when there is some, and its attempt does not count as failed', async () => {
  await storeMessage(database);
  const asked: boolean[] = [];
  const { deps, sent } = await worker([60_000], asked);
  await expect(deliver(deps, ID)).rejects.toMatchObject({ type: 'DeliveryFailed', message: 'Rate' });
  expect(await row()).toMatchObject({ status: 'retrying', attempts: 1, waits: 1 });
  expect(sent).toEqual([]);
  await due();
  await deliver(deps, ID);
  expect(await row()).toMatchObject({ status: 'sent', waits: 1, provider: 'relay' });
  expect(asked).toEqual([false, true]);
});

test('a message that waits for its turn expires as usual', async () => {
  await storeMessage(database);
  const { deps, sent } = await worker([60_000]);
  await expect(deliver(deps, ID)).rejects.toMatchObject({ message: 'Rate' });
  await database.knex('messages').update({ lease_until: null, expires_at: Date.now() - 1 });
  await deliver(deps, ID);
  expect(await row()).toMatchObject({ status: 'suppressed' });
  expect(sent).toEqual([]);
});

test('a provider that may have taken a message has it at the next attempt, too', async () => {
  await storeMessage(database, { provider: 'other' });
  const seen: unknown[] = [];
  const deps = await depsWith(database, async ({ takenBy }) => {
    seen.push(takenBy);
    return { outcome: 'retry', code: 'Timeout', detail: '', takenBy: 'relay' };
  });
  await expect(deliver(deps, ID)).rejects.toMatchObject({ message: 'Timeout' });
  await due();
  await expect(deliver(deps, ID)).rejects.toMatchObject({ message: 'Timeout' });
  expect(seen).toEqual(['other', 'relay']);
});
