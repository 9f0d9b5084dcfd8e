import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiffReport } from '../../cli/diff/report';
import { startWorker } from '../../worker';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { workflowBundlePath } from '../support/temporal';
import { publishStored } from '../support/stored-journey';
import { inTemporaryFolder } from '../support/folder';
import { until } from '../support/until';
import { repository, sojourn, type Repository } from './repository';

let repo: Repository;
let stack: TestLifecycle;
beforeEach(async () => {
  repo = repository();
  stack = await startLifecycle({ journeysPath: repo.journeys });
});
afterEach(async () => {
  await stack.stop();
  repo.remove();
});

const environment = (): Record<string, string> => ({ DATABASE_URL: stack.config.databaseUrl, JOURNEYS: repo.journeys });
async function report(...args: readonly string[]): Promise<DiffReport> {
  const { stdout, stderr } = await sojourn(['diff', ...args, '--json'], environment());
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as DiffReport;
}
const inStep = async (step: string): Promise<number> =>
  (await stack.database.pool.query("SELECT 1 FROM runs WHERE status = 'active' AND position = $1", [step])).rows.length;
const PEOPLE = 12;

async function signUp(): Promise<void> {
  for (let person = 0; person < PEOPLE; person++) await stack.track(stack.newUser(), 'Signed Up');
  await until('everyone waits', async () => (await inStep('first project')) === PEOPLE);
}

test('the report of an edit predicts what the next worker does to runs in progress', async () => {
  const worker = await stack.startWorker();
  await signUp();
  const unchanged = await report('main');
  expect(unchanged).toMatchObject({
    changed: [],
    inFlight: { totals: { stays: PEOPLE, moves: 0, released: 0, skips: 0 } },
    backtest: { people: PEOPLE, differing: 0, rows: [] },
  });

  repo.edit('onboarding/journey.ts', "within: '48 hours'", "within: '0 minutes'");
  repo.edit('onboarding/journey.ts', "await j.send('welcome'", "await j.flag('seen');\n    await j.send('welcome'");
  const edited = await report('main');
  expect(edited.changed).toEqual(['onboarding']);
  expect(edited.inFlight?.totals).toMatchObject({ skips: PEOPLE, parked: 0 });
  const predicted = edited.inFlight?.rows.flatMap(({ change, to, count }) => (change === 'moves' ? [[to, count]] : []));

  await worker.stop();
  const deployed = { ...stack.config, journeysPath: repo.copy() };
  const next = await startWorker(deployed, { taskQueue: stack.taskQueue, bundle: workflowBundlePath() });
  try {
    await until('no run is in the removed wait', async () => (await inStep('first project')) === 0);
  } finally {
    await next.stop();
  }
  const { rows } = await stack.database.pool.query<{ position: string; n: number }>(
    "SELECT position, count(*)::int AS n FROM runs WHERE status = 'active' GROUP BY position",
  );
  expect(rows.map(({ position, n }) => [position, n])).toEqual(predicted);
  const nudges = await stack.database.pool.query(
    "SELECT 1 FROM messages WHERE step = 'nudge' AND status NOT IN ('suppressed', 'cancelled')",
  );
  expect(nudges.rows).toHaveLength(edited.inFlight?.totals.released ?? NaN);
  const { rows: records } = await stack.database.pool.query<{ versions: number }>(
    "SELECT count(DISTINCT record ->> 'version')::int AS versions FROM runs, jsonb_array_elements(body -> 'journal') record",
  );
  expect(records).toEqual([{ versions: 2 }]);
});

test('stored journeys run with both versions: their runs stay where they are', async () => {
  await publishStored(stack.database, 'stored', {
    enter: { kind: 'event', event: 'Signed Up' },
    steps: [{ kind: 'sleep', step: 'a day', duration: '1 day' }],
  });
  const worker = await stack.startWorker();
  await signUp();
  await worker.stop();
  const { changed, inFlight } = await report('main');
  expect(changed).toEqual([]);
  expect(inFlight?.totals).toMatchObject({ stays: 2 * PEOPLE, ends: 0, parked: 0 });
});

test('an exceeded limit fails the command, and the error names the limit', async () => {
  const worker = await stack.startWorker();
  await signUp();
  await worker.stop();
  repo.edit('onboarding/journey.ts', "within: '48 hours'", "within: '0 minutes'");
  const limits = ['--fail-if', `moves > ${PEOPLE}`, '--fail-if', `moves >= ${PEOPLE}`];
  const { code, stdout, stderr } = await sojourn(['diff', 'main', ...limits], environment());
  expect([code, stderr.trim()]).toEqual([1, `Limit exceeded: moves >= ${PEOPLE}`]);
  expect(stdout).toContain('Changed journeys: onboarding.');
  expect(stdout).toMatch(/\| onboarding \| moves \| first project \| .* \| 12 \|/);
});

test('two folders can be compared over a file of events, without a database', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'events.jsonl');
    const at = Date.now() - 5 * 86_400_000;
    const event = { id: '1', type: 'track', name: 'Signed Up', at, receivedAt: at, properties: {} };
    const person = { createdAt: at, traits: { email: 'a@example.com' }, consent: {}, hasPush: false, events: [event] };
    writeFileSync(file, ['ada', 'bob'].map((id) => JSON.stringify({ id, ...person })).join('\n'));
    repo.edit(
      'onboarding/journey.ts',
      "await j.send('nudge'",
      "await j.send('second welcome', { email: 'welcome' }, { transactional: true });\n      await j.send('nudge'",
    );
    const shipped = join(__dirname, '..', '..', 'journeys');
    const same = await report(shipped, shipped, '--events', file);
    expect(same.backtest).toMatchObject({ people: 2, differing: 0, rows: [] });
    const planted = await report(shipped, repo.journeys, '--events', file);
    expect(planted).toMatchObject({ changed: ['onboarding'], inFlight: null });
    expect(planted.backtest).toMatchObject({ people: 2, differing: 2, totals: { more: 2, fewer: 0, enter: 0 } });
    expect(planted.backtest.rows).toContainEqual(
      expect.objectContaining({ kind: 'more', step: 'second welcome', channel: 'email', samples: ['ada', 'bob'] }),
    );
  }));

test('an invalid version, time or limit is reported in one sentence', async () => {
  expect(await sojourn(['diff', 'no-such-ref'], environment())).toMatchObject({
    code: 1,
    stderr: "Unknown version: 'no-such-ref'. Expected a folder or a git ref.\n",
  });
  expect((await sojourn(['diff', 'main', '--fail-if', 'released'], environment())).stderr).toContain('Invalid limit');
  expect((await sojourn(['diff', 'main', '--since', 'lately'], environment())).stderr).toContain('Not a duration');
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  expect(await sojourn(['diff', 'main', '--since', tomorrow], environment())).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Expected a time in the past'),
  });
});
