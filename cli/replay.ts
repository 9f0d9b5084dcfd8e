import { Command } from 'commander';
import { loadDefinitions } from '../config/definitions';
import { readEnvironment } from '../config/env';
import { differences } from '../engine/compare/difference';
import { replayLife, type Life } from '../engine/compare/life';
import type { MemoryHost } from '../engine/testing/memory-host';
import type { Run } from '../engine/model/state';
import { formatDecisions } from '../engine/testing/formatting';
import { readClock } from '../store/clock';
import { storedInForce } from '../store/stored-journeys';
import { openInstallation } from './database';
import { lifeOf, recordedDifferences } from './person';
import { neverPaused, runningTogether } from './stored';
import { readTime } from './time';

interface Options {
  readonly at?: string;
  readonly whatIf: readonly string[];
}

/** `sojourn replay`: shows the state of one user's runs at a given time, and the state after a hypothetical change. */
export const replay = new Command('replay')
  .description("Replay a user's stored events and print the state of their runs at a given time.")
  .argument('<user>', 'id of the user')
  .option('--at <time>', 'an ISO 8601 time, or a duration before now (default: now)')
  .option('--what-if <change>', "replay again without all events of one name: 'drop EVENT'; repeatable", collect, [])
  .action(async (user: string, { at, whatIf }: Options) => {
    const code = await loadDefinitions(readEnvironment(process.env).journeysPath);
    const database = openInstallation();
    try {
      const definitions = await runningTogether(code, neverPaused(await storedInForce(database.pool)));
      const now = (await readClock(database)).now();
      const time = at === undefined ? now : readTime(at, now);
      const life = await lifeOf(database, user);
      const changedLife = whatIf.reduce(without, life);
      const course = await replayLife(life, definitions, time);
      console.log(state(course, time));
      for (const line of await recordedDifferences(database, life, definitions, time))
        console.log(`Recorded differently: ${line}`);
      if (whatIf.length === 0) return;
      const changed = await replayLife(changedLife, definitions, time);
      console.log(`\nWhat if: ${whatIf.join(', ')}\n\n${state(changed, time)}\n\nDifferences:`);
      const found = differences(course, changed, 0);
      for (const { journey, kind, step, channel, why } of found)
        console.log(`  ${[journey, kind, step, channel].filter((part) => part !== null).join(', ')}: ${why}`);
      if (found.length === 0) console.log('  none');
    } finally {
      await database.close();
    }
  });

function collect(change: string, changes: readonly string[]): string[] {
  return [...changes, change];
}

/** Returns the history without all events of one name. */
function without(life: Life, change: string): Life {
  const name = /^drop (.+)$/.exec(change)?.[1];
  if (name === undefined) throw new TypeError(`Invalid change: '${change}'. Expected 'drop EVENT'.`);
  const events = life.events.filter((event) => event.name !== name);
  if (events.length === life.events.length) throw new Error(`User '${life.id}' has no event '${name}'.`);
  return { ...life, events };
}

function state({ state: user, runs, decisions }: MemoryHost, time: number): string {
  const stage = user.memory ? `, stage ${user.memory.stage}` : '';
  const journeys = [...new Set(runs.map(({ journey }) => journey))];
  return [
    `${user.id} at ${iso(time)}${stage}`,
    ...runs.map((run) => `  ${run.journey}: ${place(run)}`),
    ...(runs.length === 0 ? ['  in no journey'] : []),
    ...journeys.flatMap((journey) => ['', journey, ...formatDecisions(decisions, journey).map((line) => `  ${line}`)]),
  ].join('\n');
}

function place({ status, reason, endedAt, journal, failure }: Run): string {
  if (failure) return `parked at '${failure.step ?? 'its start'}': ${failure.error}`;
  if (endedAt !== null) return `${status} ${iso(endedAt)} (${reason})`;
  const waiting = journal.find((record) => record.status === 'waiting');
  if (!waiting) return status;
  const until = waiting.until === null ? 'forever' : `until ${iso(waiting.until)}`;
  return `at '${waiting.step}', waits for ${waiting.reason} ${until}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
