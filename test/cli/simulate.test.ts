import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDefinitions } from '../../config/definitions';
import type { Comparison } from '../../engine/simulate/comparison';
import type { Simulation } from '../../engine/simulate/simulation';
import { testDatabase, type TestDatabase } from '../support/database';
import { inTemporaryFolder } from '../support/folder';
import { publishStored } from '../support/stored-journey';
import { VirtualUser } from '../support/virtual-user';
import { repository, sojourn, type Outcome } from './repository';

const SHIPPED = join(__dirname, '..', '..', 'journeys');
const DAY = 86_400_000;
const BEGIN = Date.parse('2026-03-02T12:00:00Z');

const simulate = (args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> =>
  sojourn(['simulate', '--journeys', SHIPPED, ...args], environment);
async function report(args: readonly string[], environment: Record<string, string> = {}): Promise<Simulation> {
  const { stdout, stderr } = await simulate([...args, '--json'], environment);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Simulation;
}
const sent = ({ journeys }: Simulation): [string, number, number][] =>
  journeys.filter(({ entered }) => entered > 0).map((one) => [one.journey, one.entered, one.sent]);

test('a simulation gives the same result and the same page on one thread and on two', () =>
  inTemporaryFolder(async (folder) => {
    const [one, two] = [join(folder, 'one.html'), join(folder, 'two.html')];
    const size = ['--people', '120', '--days', '30', '--seed', '5'];
    const alone = await report([...size, '--threads', '1', '--html', one]);
    expect(alone).toMatchObject({ people: 120, days: 30, seed: 5 });
    expect(sent(alone).map(([journey]) => journey)).toContain('onboarding');
    expect(alone.journeys.filter(({ failed }) => failed > 0)).toEqual([]);
    expect(await report([...size, '--threads', '2', '--html', two])).toEqual(alone);
    expect(readFileSync(two, 'utf8')).toBe(readFileSync(one, 'utf8'));
  }));

test('against the last commit, an edit shows what it does to people, and nothing else', async () => {
  const edited = repository();
  try {
    const against = (...more: readonly string[]): Promise<Outcome> =>
      simulate(['--journeys', edited.journeys, '--against', 'main', '--people', '60', '--days', '40', ...more]);
    const unedited = await against();
    expect(unedited.stderr).toBe('');
    expect(unedited.stdout).toMatch(/^Nothing differs from main for any of 60 people\.\n/);
    edited.edit('dormancy/journey.ts', "'12 days'", "'5 days'");
    const { stdout } = await against('--json');
    const { differences, before, after } = JSON.parse(stdout) as Comparison;
    const measured = differences.flatMap(({ measure }) => ('journey' in measure ? [measure.journey] : []));
    expect([...new Set(measured)]).toEqual(['dormancy']);
    expect(differences[0]).toMatchObject({ measure: { of: 'messages' }, total: after.sent - before.sent });
    expect(after.sent).toBeGreaterThan(before.sent);
  } finally {
    edited.remove();
  }
});

test('each table explains what it counts, and the page loads no other resources', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'report.html');
    const { stdout, stderr } = await simulate(['--people', '60', '--days', '30', '--html', file]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^60 people, 30 days from 2026-01-05, seed 1: [\d,]+ messages/);
    expect(stdout).toMatch(/\n +[\d.]+ {2}messages a person in 30 days\. Half of the 60 people get \d+ or fewer\./);
    expect(stdout).toMatch(/\nWhat looks wrong\n {2}! /);
    expect(stdout).toMatch(/\nMessages\n {2}sent = handed to the provider/);
    expect(stdout).toMatch(/\n {2}onboarding +\d+ +\d+ +\d+ %/);
    const page = readFileSync(file, 'utf8');
    expect(openTags(page)).toEqual([]);
    expect(page).toContain('color-scheme:light dark');
    expect(page.match(/<svg /g)?.length).toBeGreaterThan(5);
    const alien = page
      .replaceAll('http://www.w3.org/2000/svg', '')
      .replaceAll('http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg', '');
    expect(alien).not.toMatch(/https?:|\/\/|src=|href="(?!#|data:image\/svg)|url\(|@import|<script/);
  }));

test('stored histories sampled from the database and from a file give the same result', () =>
  inTemporaryFolder(async (folder) => {
    const database = await testDatabase();
    try {
      await storeLives(database);
      const environment = { DATABASE_URL: database.url };
      const drawn = await report(['--from-database', '--people', '20', '--days', '14'], environment);
      // Both users signed up. One created a project at once, the other got the nudge.
      expect(sent(drawn)).toContainEqual(['onboarding', 20, expect.any(Number)]);
      const [, project] = drawn.journeys.find(({ journey }) => journey === 'onboarding')?.steps.slice(1) ?? [];
      const { timeout = 0, 'Project Created': made = 0 } = project?.outcomes ?? {};
      expect([timeout + made, Math.min(timeout, made) > 0]).toEqual([20, true]);

      const file = join(folder, 'events.jsonl');
      await sojourn(['export-events', file, '--since', '2026-01-01'], environment);
      const fromFile = await report(['--from-events', file, '--people', '20', '--days', '4']);
      const same = await report(['--from-database', '--people', '20', '--days', '4'], environment);
      expect(fromFile).toEqual(same);
      expect(fromFile.from).toBe('lives');

      await publishStored(database, 'stored', {
        enter: { kind: 'event', event: 'Signed Up' },
        steps: [{ kind: 'sleep', step: 'a day', duration: '1 day' }],
      });
      const together = await report(['--from-database', '--people', '20', '--days', '4'], environment);
      expect(sent(together)).toContainEqual(['stored', 20, 0]);
    } finally {
      await database.drop();
    }
  }));

async function storeLives(database: TestDatabase): Promise<void> {
  const definitions = await loadDefinitions(SHIPPED);
  for (const [id, projectOn] of [
    ['ada', 1],
    ['grace', 5],
  ] as const) {
    const person = new VirtualUser(database, id, definitions);
    const events = [
      { name: 'Identify', type: 'identify', at: BEGIN, properties: { email: `${id}@example.com` } },
      { name: 'Signed Up', at: BEGIN + 1, properties: {} },
      { name: 'Project Created', at: BEGIN + projectOn * DAY, properties: {} },
    ] as const;
    for (const [index, { at, ...event }] of events.entries())
      await person.receive({ id: String(index), receivedAt: at, at, ...event });
  }
}

test('missing and invalid input is reported in one sentence', () =>
  inTemporaryFolder(async (folder) => {
    const empty = join(folder, 'empty.jsonl');
    writeFileSync(empty, '');
    expect(await simulate(['--from-events', empty])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No stored histories to sample from.'),
    });
    const wrong = join(folder, 'people.js');
    writeFileSync(wrong, 'module.exports = {};');
    expect((await simulate(['--population', wrong])).stderr).toContain('must export population(...) by default');
    expect((await simulate(['--people', 'many'])).stderr).toContain('Expected a whole number, 1 or more.');
    expect((await simulate(['--people', '99999999999'])).stderr).toContain('Expected at most 10000000.');
    expect((await simulate(['--over', 'long'])).stderr).toContain('Not a duration');
    expect((await simulate(['--from-database', '--from-events', empty])).stderr).toContain('cannot be used with');
  }));

/** Returns the tags that a page opens and does not close, or closes and does not open. */
function openTags(page: string): string[] {
  const open: string[] = [];
  for (const [, end, name = '', empty] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (empty === '/' || name === 'meta' || name === 'link') continue;
    if (end === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [...open, `/${name}`];
  }
  return open;
}
