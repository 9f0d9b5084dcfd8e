import { join } from 'node:path';
import { loadDefinitions } from '../../../config/definitions';
import { toMs, type Duration } from '../../../engine/model/duration';
import { until } from '../../support/until';
import { expectAccountedFor } from './account';
import { START, type Cast, type CookbookStory } from './cookbook-stories';
import { install, type Installation } from './installation';
import { Person } from './person';
import { compareWithReplay } from './replayed';

/** The journeys of the cookbook. */
export const EXAMPLES = join(__dirname, '..', '..', '..', 'examples');
/** Real time that an installation may take to start before the stories begin. Milliseconds. */
const START_UP_MS = 20_000;

/** How stories are lived. */
export interface Living {
  /** Seconds on the journey clock per real second. */
  readonly speed: number;
  /** For how long, on the journey clock. */
  readonly lasts: Duration;
}

/**
 * Lives stories of the cookbook end to end: events over HTTP, Temporal, PostgreSQL, mail and push. Expects that everybody got what
 * their story says, and what a replay of their events says. Prints how late a busy machine was, which is not asserted. The team's own
 * services must run.
 */
export async function liveStories(stories: readonly CookbookStory[], { speed, lasts }: Living): Promise<void> {
  const here = await install({ speed, journeysPath: EXAMPLES, from: START - START_UP_MS * speed });
  try {
    const casts = await Promise.all(stories.map((story) => live(here, story)));
    const end = START + toMs(lasts);
    await reached(here, end);
    const people = casts.flatMap(Object.values<Person>);
    for (const person of people) await until('all that was due is decided', () => isDecided(person, end));
    await expectAccountedFor(here, people);
    const definitions = await loadDefinitions(EXAMPLES);
    const late: number[] = [];
    const got: Record<string, Record<string, readonly string[]>> = {};
    // One after another: a replay of months takes seconds, in which nothing else of this process gets a turn.
    for (const [n, { entry }] of stories.entries())
      for (const [name, person] of Object.entries(casts[n] ?? {})) {
        const { names, lateMs } = await compareWithReplay(here, definitions, person, end);
        late.push(...lateMs);
        got[entry] = { ...got[entry], [name]: names };
      }
    expect(got).toEqual(Object.fromEntries(stories.map(({ entry, gets }) => [entry, gets])));
    print(late);
  } finally {
    await here.stop();
  }
}

/** Returns whether nothing of a person is due any more that was due by a time, epoch milliseconds. */
async function isDecided(person: Person, end: number): Promise<boolean> {
  const { wakeAt } = await person.profile();
  return wakeAt === null || Date.parse(wakeAt) > end;
}

/** Prints how late messages were decided, real milliseconds. */
export function print(late: readonly number[]): void {
  const sorted = late.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (late.length - 1))] ?? 0).toFixed(0);
  process.stdout.write(
    `${late.length} messages, late by ${at(0.5)} ms (median), ${at(0.9)} ms (nine in ten), ${at(1)} ms (all), in real time\n`,
  );
}

/** Lets the people of a story do what it says, each thing at its time. */
async function live(here: Installation, { gets, traits = () => ({}), acts }: CookbookStory): Promise<Cast> {
  const cast: Cast = Object.fromEntries(Object.keys(gets).map((name) => [name, new Person(here, name)]));
  await reached(here, START);
  for (const [name, person] of Object.entries(cast)) {
    person.identify({ timezone: 'Etc/UTC', ...traits(person) });
    await person.allowPush();
    if (!gets[name]?.some((message) => message.startsWith('weekly-digest'))) await person.leave('digest');
  }
  for (const [after, act] of acts) {
    await reached(here, START + toMs(after));
    await act(cast, here.product);
  }
  return cast;
}

/** Resolves when the journey clock shows a time, epoch milliseconds. */
export async function reached({ clock }: Installation, time: number): Promise<void> {
  await until('the time of the story', () => clock.now() >= time, { everyMs: 5 });
}
