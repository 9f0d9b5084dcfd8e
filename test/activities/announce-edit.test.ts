import { compile } from '../../engine/outline/compile';
import { Writable } from 'node:stream';
import pino from 'pino';
import { announceEdit } from '../../activities/announce-edit';
import { type Definitions } from '../../engine/definitions/definitions';
import { journey, lifecycle, policy, type Duration } from '../../engine';
import { Release } from '../../store/releases';
import { signedUp } from '../../engine/testing/properties/catalogue';
import { testDatabase, type TestDatabase } from '../support/database';
import { VirtualUser } from '../support/virtual-user';
import { realClock } from '../../engine/model/clock';

const NOON = Date.parse('2026-01-05T12:00:00Z');
const DAY = 86_400_000;

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

const waiting = (duration: Duration): Promise<Definitions> => {
  const trial = journey('trial', { enter: signedUp }, async (j) => {
    await j.sleep('a while', duration);
    await j.send('bye', { email: 'bye' });
  });
  return compile({
    journeys: [trial],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy({ quietHours: null }),
    traits: {},
  });
};

test('the log says what an edit does to people in flight, without ids', async () => {
  const before = await waiting('7 days');
  const ada = new VirtualUser(database, 'ada', before);
  const at = { at: NOON, receivedAt: NOON };
  await ada.receive({ id: '1', name: 'Identify', type: 'identify', properties: { email: 'ada@example.com' }, ...at });
  await ada.receive({ id: '2', name: 'Signed Up', properties: {}, ...at });

  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const clock = realClock(() => NOON + 3 * DAY);
  const definitions = await waiting('1 day');
  await announceEdit({ pool: database.pool, clock, definitions, replaced: before.version, log: pino({}, stream) });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    replaced: before.version,
    version: definitions.version,
    people: 1,
    totals: { ends: 1, released: 1, parked: 0 },
    changes: expect.arrayContaining([{ journey: 'trial', change: 'released', step: 'bye', to: 'email', count: 1 }]),
    byHour: [{ hour: NOON + 3 * DAY, count: 1 }],
    partial: false,
  });
  expect(lines[0]).not.toMatch(/"ada|example\.com/);
});

test('only the first worker with other definitions gets the version it replaces', async () => {
  const register = async (version: string): Promise<string | null> => {
    const release = new Release(database.pool);
    await release.become({ version, fingerprints: {} });
    return release.replaced;
  };
  expect(await register('one')).toBeNull();
  expect(await register('one')).toBeNull();
  expect(await register('two')).toBe('one');
  expect(await register('two')).toBeNull();
  expect(await register('one')).toBe('two');
});
