import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { fromSource, ROOT } from '../cli/repository';
import { until } from '../support/until';
import { compiledJourneys } from './support/compiled-journeys';
import { deploy, type Deployment } from './support/deployment';
import { importGate, type ImportGate } from './support/import-gate';

const DAY = 86_400_000;
/** The full size takes minutes: IMPORT_PEOPLE=100000. */
const PEOPLE = Number(process.env['IMPORT_PEOPLE'] ?? 1_000);
const EVENTS_EACH = 10;
/** More than the journeys that ship wait for at all, so that nothing comes due by itself meanwhile. */
const OLDEST = 400 * DAY;
const NEWEST = 4 * DAY;

/** The command is killed when so many events are stored. */
const HALF = (PEOPLE * EVENTS_EACH) / 2;
/** Events in the requests that may be under way then: four requests of 500 calls. */
const UNDER_WAY = 4 * 500;

let deployment: Deployment;
let gate: ImportGate;
let folder: string;
let journeys: string;
beforeAll(async () => {
  journeys = compiledJourneys(join(ROOT, 'journeys'), ROOT);
  deployment = await deploy({ journeysPath: journeys });
  gate = await importGate(deployment.environment.PUBLIC_URL, HALF);
  folder = mkdtempSync(join(tmpdir(), 'sojourn-import-'));
});
afterAll(async () => {
  await gate.stop();
  await deployment.stop();
  for (const made of [folder, journeys]) rmSync(made, { recursive: true, force: true });
});

const write = (file: string, lines: Iterable<string>): Promise<void> =>
  pipeline(Readable.from(lines), createWriteStream(join(folder, file)));

function* people(): Generator<string> {
  yield 'userId,email,firstName,createdAt,logins:number,consent.email,consent.at,consent.source\n';
  for (let n = 0; n < PEOPLE; n++)
    yield `p${n},p${n}@example.com,Ada ${n},${iso(OLDEST)},${n},${n % 10 > 0},2025-06-01,old shop\n`;
  yield 'broken,broken@example.com,Ada,,many,,,\n';
}

/** A sign-up and projects of each person, in the order of time: those of all people at once. */
function* events(): Generator<string> {
  for (let k = 0; k < EVENTS_EACH; k++)
    for (let n = 0; n < PEOPLE; n++) {
      const at = OLDEST - ((OLDEST - NEWEST) * k) / EVENTS_EACH;
      yield `${JSON.stringify({ userId: `p${n}`, event: k === 0 ? 'Signed Up' : 'Project Created', timestamp: iso(at) })}\n`;
    }
  yield 'no JSON\n';
}

const iso = (ago: number): string => new Date(Date.now() - ago).toISOString();

const command = (): string[] =>
  fromSource(['import', join(folder, 'people.csv'), join(folder, 'events.jsonl'), '--history']);
/** As few of those who were imported as one can read about. */
const FOUNDERS = ['p2', 'p3', 'p4'];
const environment = (): NodeJS.ProcessEnv => ({ ...process.env, ...deployment.environment, PUBLIC_URL: gate.url });

test('people and their past are imported, with a kill in the middle: nothing twice, and nobody gets a message', async () => {
  const { count, database, smtp } = deployment;
  await deployment.startWorker();
  await write('people.csv', people());
  await write('events.jsonl', events());

  const killed = spawn(process.execPath, command(), { env: environment(), stdio: 'ignore' });
  const exited = once(killed, 'exit');
  await Promise.race([gate.closed, exited]);
  killed.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  const before = await count(`events WHERE type = 'track'`);
  expect(before).toBeGreaterThanOrEqual(HALF);
  expect(before).toBeLessThanOrEqual(HALF + UNDER_WAY);
  gate.open();

  const begun = performance.now();
  const { stdout, stderr, code } = await run();
  console.log(`${stdout}${stderr.split('\n').slice(-3).join('\n')}${Math.round(performance.now() - begun)} ms`);
  expect(code).toBe(2);
  expect(stderr).toContain('Resuming the interrupted import.');
  // The answers to the last requests before the kill were lost, so their events are sent once more.
  expect(Number(/events\.jsonl: .* ([\d,]+) stored before/.exec(stdout)?.[1]?.replaceAll(',', ''))).toBeGreaterThan(0);
  const rejects = readFileSync(join(folder, 'people.csv.rejected.jsonl'), 'utf8').trim().split('\n');
  expect(rejects.map((line) => JSON.parse(line) as unknown)).toEqual([
    { file: join(folder, 'people.csv'), line: PEOPLE + 2, reason: 'logins: must be a number' },
    { file: join(folder, 'events.jsonl'), line: PEOPLE * EVENTS_EACH + 1, reason: 'is not JSON' },
  ]);
  expect(existsSync(join(folder, 'people.csv.import.json'))).toBe(false);

  expect(await count('users')).toBe(PEOPLE);
  expect(await count(`events WHERE type = 'track'`)).toBe(PEOPLE * EVENTS_EACH);
  expect(await count(`events WHERE type = 'identify'`)).toBe(PEOPLE);
  expect(await count(`users WHERE consent = '{"email": false}'`)).toBe(PEOPLE / 10);
  // Nobody is woken, enters or gets anything.
  for (const what of [
    'events WHERE pending OR NOT history',
    'start_queue',
    'runs',
    'messages',
    'users WHERE memory IS NOT NULL',
  ])
    expect([what, await count(what)]).toEqual([what, 0]);
  expect(smtp.messages).toEqual([]);

  // From now on they are people like all others, with their past.
  await deployment.post([
    { type: 'track', event: 'Project Created', userId: 'p1', messageId: 'live', timestamp: new Date().toISOString() },
  ]);
  await until('the event is decided', async () => (await count('events WHERE pending')) === 0);
  const { rows } = await database.pool.query<{ stage: string; counts: object }>(
    `SELECT stage, memory -> 'counts' AS counts FROM users WHERE id = 'p1'`,
  );
  // What was imported says when the person was last active, and the event of today brings them back.
  expect(rows).toEqual([{ stage: 'active', counts: { 'Project Created': EVENTS_EACH } }]);
  expect(await count(`runs WHERE user_id <> 'p1'`)).toBe(0);

  // The same files once more store nothing.
  expect(await run()).toMatchObject({ stdout: expect.stringContaining(`0 calls stored`) as string });
  expect(await count('events')).toBe(PEOPLE * EVENTS_EACH + PEOPLE * 2 + 1);
});

test('with --enter, the people in a file enter the journey and get its first mail, once', async () => {
  const { count, smtp } = deployment;
  await write('founders.csv', ['userId,cohort\n', ...FOUNDERS.map((id) => `${id},founders\n`)]);
  const entering = fromSource(['import', join(folder, 'founders.csv'), '--history', '--enter', 'onboarding']);
  expect(await run(entering)).toMatchObject({ code: 0, stdout: expect.stringContaining('3 people added') as string });
  await until('everybody has got the first mail', async () => smtp.messages.length >= FOUNDERS.length);
  // Their past does not answer what the journey waits for from now on.
  await until('everybody waits in the journey', async () => (await count(WAITING)) === FOUNDERS.length);

  expect(await run(entering)).toMatchObject({ code: 0, stdout: expect.stringContaining('3 people added') as string });
  await until('everything is decided', async () => (await count('events WHERE pending')) === 0);
  expect(smtp.messages.map(({ to, subject }) => [to, subject]).sort()).toEqual(
    FOUNDERS.map((id) => [`${id}@example.com`, `Welcome, ${id.replace('p', 'Ada ')}`]),
  );
  expect(await count(`runs WHERE journey = 'onboarding' AND user_id <> 'p1'`)).toBe(FOUNDERS.length);
});

const WAITING = `runs WHERE journey = 'onboarding' AND position = 'first project' AND status = 'active'`;

async function run(
  args = command(),
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: environment() });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}
