import { staticDefinitions } from '../../engine/definitions/definitions';
import { announceInApp, announcedInApp, IN_APP_CHANNEL, markOf, marksIn } from '../../store/in-app-announcements';
import { ingest } from '../../store/ingest';
import { Listener } from '../../store/listener';
import { advanceUser } from '../api/engine';
import { startApi, type TestApi } from '../api/server';
import { until } from '../support/until';

let api: TestApi;
let listener: Listener;
let payloads: string[] = [];
beforeAll(async () => {
  api = await startApi();
  let isListening = false;
  listener = Listener.start({
    url: api.database.url,
    channel: IN_APP_CHANNEL,
    applicationName: 'sojourn-test',
    onNotification: (payload) => payloads.push(payload),
    onListening: () => (isListening = true),
  });
  await until('the listener listens', () => isListening);
});
beforeEach(() => (payloads = []));
afterAll(async () => {
  listener.stop();
  await api.stop();
});

const heard = (): string[] => payloads.flatMap(marksIn);

/** Waits until everything that was announced so far has been heard. */
async function settled(): Promise<void> {
  const { pool, patient } = api.database;
  await Promise.all([announcedInApp(pool), announcedInApp(patient)]);
  announceInApp(pool, ['the end']);
  await until('the end is heard', () => heard().includes(markOf('the end')));
}

test('announcements of one moment share a notification, which names each user once and no id', async () => {
  for (const userId of ['ada', 'ben', 'ada']) announceInApp(api.database.pool, [userId]);
  await until('both are heard', () => heard().length === 2);
  expect(payloads).toEqual([markOf('ada') + markOf('ben')]);
  expect(payloads.join()).not.toContain('ada');
});

test('any number of users is announced, in as many notifications as it takes', async () => {
  const ids = Array.from({ length: 2_500 }, (_, n) => `user-${n}`);
  announceInApp(api.database.pool, ids);
  await until('all are heard', () => heard().length >= ids.length);
  expect(new Set(heard())).toEqual(new Set(ids.map(markOf)));
  expect(payloads.every(({ length }) => length < 8_000)).toBe(true);
});

test('the first decision of a user is announced; events and decisions that change nothing visible are not', async () => {
  const event = (name: string): Promise<unknown> =>
    ingest(api.database, staticDefinitions(api.definitions), {
      events: [
        {
          userId: 'cleo',
          messageId: `${name} of cleo`,
          type: 'track',
          name,
          at: 1,
          active: true,
          traits: null,
          properties: JSON.stringify({ plan: 'free' }),
          anonymousId: null,
        },
      ],
      aliases: [],
      receivedAt: Date.now(),
    });
  await event('Signed Up');
  await advanceUser(api, 'cleo');
  await until('the decision is heard', () => heard().includes(markOf('cleo')));
  await settled();
  payloads = [];
  await event('Project Created');
  await advanceUser(api, 'cleo');
  await settled();
  expect(heard()).toEqual([markOf('the end')]);
});
