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
import { readMoment } from './moment';
import { lifeOf, recordedOtherwise } from './person';
import { neverPaused, runningTogether } from './stored';

interface Options {
  readonly at?: string;
  readonly whatIf: readonly string[];
}

/** `sojourn replay`: where a person was at an instant, and where they would have been. */
export const replay = new Command('replay')
  .description("Lives a person's stored events again and prints the state of their runs at an instant.")
  .argument('<user>', 'the id of the person')
  .option('--at <moment>', 'ISO 8601, or a span before now (default: now)')
  .option('--what-if <change>', "without an event: 'drop EVENT', by its name; may be repeated", collect, [])
  .action(async (user: string, { at, whatIf }: Options) => {
    const code = await loadDefinitions(readEnvironment(process.env).journeysPath);
    const database = openInstallation();
    try {
      const definitions = await runningTogether(code, neverPaused(await storedInForce(database.pool)));
      const now = (await readClock(database.knex)).now();
      const moment = at === undefined ? now : readMoment(at, now);
      const life = await lifeOf(database, user);
      const changedLife = whatIf.reduce(without, life);
      const course = await replayLife(life, definitions, moment);
      console.log(state(course, moment));
      for (const line of await recordedOtherwise(database, life, definitions, moment))
        console.log(`It went otherwise then: ${line}`);
      if (whatIf.length === 0) return;
      const changed = await replayLife(changedLife, definitions, moment);
      console.log(`\nWhat if: ${whatIf.join(', ')}\n\n${state(changed, moment)}\n\nWhat differs:`);
      const found = differences(course, changed, 0);
      for (const { journey, kind, step, channel, why } of found)
        console.log(`  ${[journey, kind, step, channel].filter((part) => part !== null).join(', ')}: ${why}`);
      if (found.length === 0) console.log('  nothing');
    } finally {
      await database.close();
    }
  });

function collect(change: string, changes: readonly string[]): string[] {
  return [...changes, change];
}

/** The life without an event. */
function without(life: Life, change: string): Life {
  const name = /^drop (.+)$/.exec(change)?.[1];
  if (name === undefined) throw new TypeError(`Not a change: '${change}'. Write 'drop EVENT'.`);
  const events = life.events.filter((event) => event.name !== name);
  if (events.length === life.events.length) throw new Error(`This person never did '${name}'.`);
  return { ...life, events };
}

function state({ state: user, runs, decisions }: MemoryHost, moment: number): string {
  const stage = user.memory ? `, stage ${user.memory.stage}` : '';
  const journeys = [...new Set(runs.map(({ journey }) => journey))];
  return [
    `${user.id} at ${iso(moment)}${stage}`,
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
  const until = waiting.until === null ? 'without end' : `until ${iso(waiting.until)}`;
  return `at '${waiting.step}', waits for ${waiting.reason} ${until}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
