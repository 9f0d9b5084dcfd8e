import { z } from 'zod';
import { event, journey } from '../../engine';
import { startApi, testDefinitions, type TestApi } from './server';

const requested = event(
  'Reset Requested',
  z.looseObject({ link: z.string() }),
  { link: 'https://example.com/reset/abc' },
  { forget: { link: '1 hour' } },
);
const HOUR = 3_600_000;

let api: TestApi;
beforeAll(async () => {
  const reset = journey('reset', { enter: requested }, async (j) => {
    await j.send('welcome', { email: 'welcome' }, { data: { link: j.event.properties.link } });
  });
  api = await startApi({ code: await testDefinitions(reset) });
});
afterAll(() => api.stop());

interface Row {
  readonly received_at: number;
  readonly forget_at: Record<string, number> | null;
  readonly forget_next: number | null;
}

async function rows(name: string): Promise<Row[]> {
  const text = 'SELECT received_at, forget_at, forget_next FROM events WHERE name = $1';
  return (await api.database.pool.query<Row>(text, [name])).rows;
}

test('an event of an app has the times at which its properties are forgotten', async () => {
  const properties = { link: 'https://example.com/reset/7' };
  await api.write('/v1/track', { userId: 'ada', event: 'Reset Requested', properties });
  await api.write('/v1/track', { userId: 'ada', event: 'Signed Up', properties: { ...properties, plan: 'free' } });
  const stored = await rows('Reset Requested');
  const at = stored[0]?.received_at ?? 0;
  expect(stored).toEqual([{ received_at: at, forget_at: { link: at + HOUR }, forget_next: at + HOUR }]);
  expect(await rows('Signed Up')).toMatchObject([{ forget_at: null, forget_next: null }]);
});

test('so has an entry by hand, which stands for such an event', async () => {
  await api.write('/v1/identify', { userId: 'bob', traits: { email: 'bob@example.com' } });
  const properties = { link: 'https://example.com/reset/8' };
  expect(await api.admin('POST', '/v1/users/bob/journeys/reset', { properties })).toMatchObject({ status: 202 });
  const stored = await rows('sojourn:enter:reset');
  const at = stored[0]?.received_at ?? 0;
  expect(stored).toEqual([{ received_at: at, forget_at: { link: at + HOUR }, forget_next: at + HOUR }]);
});
