import { Command } from 'commander';
import { loadDefinitions, type LoadedDefinitions } from '../config/definitions';
import { readEnvironment } from '../config/env';
import { systemClock } from '../engine/model/clock';
import { backtest } from '../engine/compare/backtest';
import { policyChanges } from '../engine/policy/changes';
import { readClock } from '../store/clock';
import { previewInFlight } from '../store/in-flight';
import { livesSince } from '../store/lives';
import { storedInForce } from '../store/stored-journeys';
import { openInstallation } from './database';
import { parseLimit, type Limit } from './diff/fail-if';
import { markdown } from './diff/markdown';
import { changedJourneys, type DiffReport } from './diff/report';
import { livesInFile } from './lives-file';
import { readSince } from './time';
import { neverPaused, runningTogether, withStored } from './stored';
import { loadVersion } from './version-of';

interface Options {
  readonly since: string;
  readonly events?: string;
  readonly json: boolean;
  readonly failIf: readonly Limit[];
}

/** `sojourn diff`: reports what an edit of the journeys changes. */
export const diff = new Command('diff')
  .description('Show what an edit of the journeys does to runs in progress, and how it would have changed the past.')
  .argument('<before>', 'the old journeys: a git ref or a folder')
  .argument('[after]', 'the new journeys: a git ref or a folder (default: the current journeys)')
  .option('--since <time>', 'start of the past period: an ISO 8601 time, or a duration before now', '30 days')
  .option('--events <file>', 'read the past from a file written by export-events instead of the database')
  .option('--json', 'print JSON', false)
  .option('--fail-if <limit>', "exit with 1 if a limit such as 'released > 1000' is exceeded; repeatable", addLimit, [])
  .action(async (before: string, after: string | undefined, options: Options) => {
    const today = readEnvironment(process.env).journeysPath;
    const old = await loadVersion(before, today);
    const now = after === undefined ? await loadDefinitions(today) : await loadVersion(after, today);
    const report = await (options.events === undefined
      ? fromDatabase(old, now, options)
      : fromFile(old, now, options.events, options));
    console.log(options.json ? JSON.stringify(report, null, 2) : markdown(report));
    for (const { text } of options.failIf.filter((limit) => limit.exceeded(totalsOf(report)))) {
      console.error(`Limit exceeded: ${text}`);
      process.exitCode = 1;
    }
  });

function addLimit(text: string, limits: readonly Limit[]): Limit[] {
  return [...limits, parseLimit(text)];
}

function totalsOf({ inFlight, backtest: { totals } }: DiffReport): Record<string, number> {
  if (!inFlight) return totals;
  // Both parts count `parked`. A limit refers to the runs in progress.
  return { ...totals, ...inFlight.totals };
}

/** Compares the versions over the database. Both versions run together with the journeys stored in it. */
async function fromDatabase(
  before: LoadedDefinitions,
  after: LoadedDefinitions,
  { since }: Options,
): Promise<DiffReport> {
  const database = openInstallation();
  try {
    const stored = await storedInForce(database.pool);
    const now = await runningTogether(after, stored);
    const { definitions: old } = await withStored(before, neverPaused(stored));
    const { definitions: ever } = await withStored(after, neverPaused(stored));
    const clock = await readClock(database);
    const until = clock.now();
    const period = { since: readSince(since, until), until };
    const inFlight = await previewInFlight(database.pool, now, { now: () => until });
    const past = await backtest(livesSince(database, period.since), old, ever, period);
    return {
      ...iso(period),
      changed: changedJourneys(before, after),
      policy: policyChanges(before.policy, after.policy),
      inFlight,
      backtest: past,
    };
  } finally {
    await database.close();
  }
}

async function fromFile(
  old: LoadedDefinitions,
  now: LoadedDefinitions,
  file: string,
  { since }: Options,
): Promise<DiffReport> {
  const until = systemClock.now();
  const period = { since: readSince(since, until), until };
  const past = await backtest(livesInFile(file), old, now, period);
  return {
    ...iso(period),
    changed: changedJourneys(old, now),
    policy: policyChanges(old.policy, now.policy),
    inFlight: null,
    backtest: past,
  };
}

function iso({
  since,
  until,
}: {
  readonly since: number;
  readonly until: number;
}): Pick<DiffReport, 'since' | 'until'> {
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}
