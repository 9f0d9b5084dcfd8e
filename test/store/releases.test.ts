import { Release } from '../../store/releases';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
beforeEach(async () => void (db = await testDatabase()));
afterEach(() => db.drop());

/** The real time as the process under test reads it, in milliseconds. */
let now = 0;
const SECOND = 1_000;

async function deploy(version: string): Promise<Release> {
  const release = new Release(db.pool, () => now);
  await release.become({ version, fingerprints: {} });
  return release;
}

/** Lets time pass while a process reports every ten seconds. */
async function report(release: Release, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 10) {
    now += 10 * SECOND;
    await release.heartbeat();
  }
}

/** Makes the last report of this version two minutes old. */
async function silence(version: string): Promise<void> {
  await db.pool.query(`UPDATE releases SET seen_at = now() - interval '2 minutes' WHERE version = $1`, [version]);
}

test('the release that started last is the newest, and stays so while it reports', async () => {
  const [old, canary] = [await deploy('old'), await deploy('canary')];
  await report(old, 120);
  expect([old.seq, canary.seq]).toEqual([1, 2]);
});

test('a report in the future, which a wrong clock left behind, does not keep a release alive', async () => {
  const old = await deploy('old');
  await report(old, 60);
  await deploy('canary');
  await db.pool.query(`UPDATE releases SET seen_at = now() + interval '1 hour' WHERE version = 'canary'`);
  await report(old, 60);
  expect([old.seq, old.hasLiveRivals]).toEqual([3, false]);
});

test('when the newest release is gone, the releases that kept reporting take over', async () => {
  const old = await deploy('old');
  await report(old, 60);
  await deploy('canary');
  await silence('canary');
  await report(old, 10);
  expect(old.seq).toBe(3);
});

test('after an outage in which no release could report, the newest gets time to report again', async () => {
  const [old, canary] = [await deploy('old'), await deploy('canary')];
  await report(old, 120);
  // PostgreSQL was down for two minutes.
  now += 120 * SECOND;
  await silence('canary');
  await report(old, 20);
  expect(old.seq).toBe(1);
  await canary.heartbeat();
  await report(old, 120);
  expect([old.seq, canary.seq]).toEqual([1, 2]);
});

test('new definitions of the newest process are the newest release at once', async () => {
  const release = await deploy('one');
  await release.become({ version: 'two', fingerprints: {} });
  await release.become({ version: 'one', fingerprints: {} });
  expect(release.seq).toBe(3);
});

test('new definitions of an older process do not become the newest release', async () => {
  const old = await deploy('old');
  await report(old, 60);
  await deploy('canary');
  await old.become({ version: 'old, edited', fingerprints: {} });
  expect(old.seq).toBe(1);
});

test('a release knows whether workers of other releases are alive', async () => {
  const [old, canary] = [await deploy('old'), await deploy('canary')];
  await report(canary, 10);
  expect(canary.hasLiveRivals).toBe(true);
  await silence('old');
  await report(canary, 10);
  expect(canary.hasLiveRivals).toBe(false);
  await report(old, 10);
  await report(canary, 10);
  expect(canary.hasLiveRivals).toBe(true);
});
