import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadDefinitions } from '../../config/definitions';
import { ENTER } from '../../engine/user/commands';
import { addInternalEvent } from '../../store/pending';
import { changeStatus } from '../../store/stored-journeys';
import { runJest, type JestRun } from '../support/jest';
import { publishStored } from '../support/stored-journey';
import { testDatabase, type TestDatabase } from '../support/database';
import { VirtualUser } from '../support/virtual-user';
import { repository, sojourn, type Outcome, type Repository } from './repository';

const HOUR = 3_600_000;
/** Noon on a Monday, far enough in the past that all waits have ended. */
const BEGIN = Date.parse('2026-03-02T12:00:00Z');

let repo: Repository;
let database: TestDatabase;
beforeAll(async () => {
  [repo, database] = [repository(), await testDatabase()];
  await live();
});
afterAll(async () => {
  await database.drop();
  repo.remove();
});

/** Grace signs up, gets a nudge after two days, creates a project on the third day, places an order, and never returns. */
async function live(): Promise<void> {
  const grace = new VirtualUser(database, 'grace', await loadDefinitions(repo.journeys));
  const events = [
    { name: 'Identify', type: 'identify', hour: 0, properties: { email: 'grace@navy.example', firstName: 'Grace' } },
    { name: 'Signed Up', hour: 0, properties: { plan: 'free', invitedBy: 'Howard Aiken' } },
    { name: 'Project Created', hour: 60, properties: { name: 'The first compiler' } },
    { name: 'Order Placed', hour: 61, properties: { orderId: 'secret-7' } },
    { name: 'Order Ready', hour: 63, properties: { orderId: 'secret-7' } },
  ] as const;
  for (const [index, { name, hour, properties, ...type }] of events.entries()) {
    const at = BEGIN + hour * HOUR + index;
    await grace.receive({ id: String(index), name, at, receivedAt: at, properties, ...type });
  }
  await grace.passUntil(Date.now());
}

const run = (...args: readonly string[]): Promise<Outcome> =>
  sojourn(args, { DATABASE_URL: database.url, JOURNEYS: repo.journeys });

const runTest = (file: string): Promise<JestRun> => runJest(dirname(repo.journeys), file);

test('an exported test is anonymous, passes, and fails with a readable difference when the journey changes', async () => {
  const file = join(repo.journeys, 'onboarding', 'incident.test.ts');
  const { code, stderr } = await run('export-test', 'grace', 'onboarding');
  expect([code, stderr]).toEqual([0, '']);
  const text = readFileSync(file, 'utf8');
  expect(text).not.toMatch(/grace|navy|Howard|compiler|secret/i);
  expect(text).toContain('nudge: sent by email (allowed)');
  expect(await runTest(file)).toMatchObject({ code: 0 });

  repo.edit('onboarding/journey.ts', "within: '48 hours'", "within: '50 hours'");
  const edited = await runTest(file);
  repo.edit('onboarding/journey.ts', "within: '50 hours'", "within: '48 hours'");
  expect(edited.code).toBe(1);
  expect(edited.stderr).toContain('-   "2026-03-04T12:00:00.001Z nudge: sent by email (allowed)"');
  expect(edited.stderr).toContain('+   "2026-03-04T14:00:00.001Z nudge: sent by email (allowed)"');

  const again = await run('export-test', 'grace', 'onboarding');
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('EEXIST')]);
});

test('the export of a keyed journey replaces the key', async () => {
  const { stdout } = await run('export-test', 'grace', 'order-updates', '--out', '-');
  expect(stdout).not.toContain('secret-7');
  const file = join(repo.journeys, 'order-updates', 'order.test.ts');
  writeFileSync(file, stdout);
  expect(stdout).toContain('ready');
  expect(await runTest(file)).toMatchObject({ code: 0 });
});

test('the exported test includes an entry by hand', async () => {
  const definitions = await loadDefinitions(repo.journeys);
  const alan = new VirtualUser(database, 'alan', definitions);
  await alan.receive({ id: '1', name: 'Signed Up', at: BEGIN, receivedAt: BEGIN, properties: {} });
  const at = BEGIN + 24 * HOUR;
  await addInternalEvent(database, { userId: 'alan', messageId: 'm', name: `${ENTER}win-back`, at, properties: {} });
  await alan.advance(at);
  const { stdout } = await run('export-test', 'alan', 'win-back', '--out', '-');
  const file = join(repo.journeys, 'win-back', 'by-hand.test.ts');
  writeFileSync(file, stdout);
  expect(stdout).toContain('the journey: entered (by hand)');
  expect(await runTest(file)).toMatchObject({ code: 0 });
});

test('replay shows the state at a given time, and the state after a hypothetical change', async () => {
  const at = new Date(BEGIN + 24 * HOUR).toISOString();
  const then = await run('replay', 'grace', '--at', at);
  expect(then.stdout).toContain(`grace at ${at}, stage onboarding`);
  expect(then.stdout).toContain(
    "onboarding: at 'first project', waits for Project Created until 2026-03-04T12:00:00.001Z",
  );
  expect(then.stdout).not.toContain('nudge');
  expect(then.stdout).not.toContain('Recorded differently');

  const end = new Date(BEGIN + 100 * HOUR).toISOString();
  const otherwise = await run('replay', 'grace', '--at', end, '--what-if', 'drop Project Created');
  expect(otherwise.stdout).toContain("onboarding: at 'first teammate'");
  const [, whatIf = ''] = otherwise.stdout.split('What if: drop Project Created');
  expect(whatIf).toContain("onboarding: at 'first project, nudged'");
  expect(whatIf).toMatch(/onboarding, fewer, card: first project, inApp: sent: allowed → not reached/);
});

test('replay includes stored journeys, and ignores that a journey is paused now', async () => {
  await publishStored(database, 'again', {
    enter: { kind: 'event', event: 'Order Placed' },
    steps: [{ kind: 'waitFor', step: 'another order', events: ['Order Placed'], within: '7 days' }],
  });
  await changeStatus(database, 'again', ['active'], 'paused');
  const { stdout } = await run('replay', 'grace', '--at', new Date(BEGIN + 62 * HOUR).toISOString());
  await changeStatus(database, 'again', ['paused'], 'archived');
  expect(stdout).toContain("again: at 'another order', waits for Order Placed until 2026-03-12T01:00:00.003Z");
});

test('replay lists recorded messages that differ from the replay', async () => {
  await database.pool.query("UPDATE messages SET status = 'suppressed' WHERE step = 'nudge' AND user_id = 'grace'");
  const { stdout } = await run('replay', 'grace');
  expect(stdout).toContain("Recorded differently: onboarding, 'nudge' was not sent");
});

test('an unknown user, journey or event is reported in one sentence', async () => {
  expect(await run('replay', 'nobody')).toMatchObject({
    code: 1,
    stderr: "Unknown user: 'nobody'. Expected the id of a user in the database.\n",
  });
  expect((await run('export-test', 'grace', 'nowhere')).stderr).toContain("Unknown journey: 'nowhere'");
  expect((await run('export-test', 'alan', 'order-updates')).stderr).toContain("never entered 'order-updates'");
  const dropped = await run('replay', 'grace', '--what-if', 'drop Nothing');
  expect(dropped).toMatchObject({ code: 1, stdout: '', stderr: "User 'grace' has no event 'Nothing'.\n" });
});
