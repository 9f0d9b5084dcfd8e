import { join } from 'node:path';
import { loadDefinitions } from '../../config/definitions';
import { replayLife } from '../../engine/compare/life';
import type { Definitions } from '../../engine/definitions/definitions';
import { toMs } from '../../engine/model/duration';
import type { Message } from '../../engine/model/state';
import { compile } from '../../engine/outline/compile';
import { findLife } from '../../store/lives';
import { until } from '../support/until';
import { expectAccountedFor } from './support/account';
import { START, STORIES, type Cast, type CookbookStory } from './support/cookbook-stories';
import { install, type Installation } from './support/installation';
import { Person } from './support/person';
import { startServices } from './support/services';

/*
 * Lives the cookbook's journeys end to end: events over HTTP, Temporal, PostgreSQL, mail and push. Afterwards each person's stored
 * events are replayed by the test kit's engine, without any delay. Both must have sent the same messages, and nobody may have got one
 * early. How late a busy machine is, is measured and printed, not asserted. It takes seven minutes, so it is not part of `npm test`.
 */
const EXAMPLES = join(__dirname, '..', '..', 'examples');
/** Real time that an installation may take to start before the stories begin. Milliseconds. */
const START_UP_MS = 20_000;

type Sent = Pick<Message, 'id' | 'journey' | 'step' | 'channel' | 'decidedAt'>;

/** How late messages were decided, real milliseconds. */
const late: number[] = [];
let services: Awaited<ReturnType<typeof startServices>>;
let definitions: Definitions;
beforeAll(async () => {
  services = await startServices();
  definitions = await compile(await loadDefinitions(EXAMPLES));
});
afterAll(async () => {
  await services.stop();
  late.sort((a, b) => a - b);
  const at = (share: number): string => (late[Math.floor(share * (late.length - 1))] ?? 0).toFixed(0);
  process.stdout.write(
    `cookbook: ${late.length} messages, late by ${at(0.5)} ms (median), ${at(0.9)} ms (nine in ten), ${at(1)} ms (all), in real time\n`,
  );
});

/** An hour takes a second. */
const SPEED = 3_600;

test('the cookbook on the real stack sends what the test kit says, and nothing early', async () => {
  const here = await install({ speed: SPEED, journeysPath: EXAMPLES, from: START - START_UP_MS * SPEED });
  try {
    const casts = await Promise.all(STORIES.map((story) => live(here, story)));
    await reached(here, START + toMs('15 days'));
    await expectAccountedFor(here, casts.flatMap(Object.values<Person>));
    const got = STORIES.map(async ({ entry }, n) => {
      const each = Object.entries(casts[n] ?? {}).map(async ([name, person]) => [name, await compared(here, person)]);
      return [entry, Object.fromEntries(await Promise.all(each)) as unknown] as const;
    });
    expect(Object.fromEntries(await Promise.all(got))).toEqual(
      Object.fromEntries(STORIES.map(({ entry, gets }) => [entry, gets])),
    );
  } finally {
    await here.stop();
  }
});

/** Lets the people of a story do what it says, each thing at its time. */
async function live(here: Installation, { gets, traits = () => ({}), acts }: CookbookStory): Promise<Cast> {
  const cast: Cast = Object.fromEntries(Object.keys(gets).map((name) => [name, new Person(here, name)]));
  await reached(here, START);
  for (const person of Object.values(cast)) {
    person.identify({ timezone: 'Etc/UTC', digest: 'never', ...traits(person) });
    await person.allowPush();
  }
  for (const [after, act] of acts) {
    await reached(here, START + toMs(after));
    await act(cast, here.product);
  }
  return cast;
}

async function reached({ clock }: Installation, time: number): Promise<void> {
  await until('the time of the story', () => clock.now() >= time, { everyMs: 5 });
}

/** Returns what a person got, and expects that it is what a replay without delays gives, and that nothing came early. */
async function compared({ database, clock }: Installation, { id }: Person): Promise<string[]> {
  const life = await findLife(database, id);
  if (!life) throw new Error(`Unknown user: '${id}'.`);
  const sent = await database
    .knex('messages')
    .where({ user_id: id, status: 'sent' })
    // On a machine that is very late, a message with a short life expires.
    .orWhere({ user_id: id, cause: 'expired' })
    .select<Sent[]>('id', 'journey', 'step', 'channel', 'decided_at AS decidedAt');
  const { messages } = await replayLife(life, definitions, clock.now());
  const expected = [...messages.values()].filter(({ status }) => status === 'queued');
  const name = ({ journey, step, channel }: Sent): string => `${journey}: ${step} by ${channel}`;
  expect(sent.map(name).sort()).toEqual(expected.map(name).sort());
  for (const { id: message, decidedAt } of sent) {
    const lateMs = (decidedAt - (messages.get(message)?.decidedAt ?? Infinity)) / clock.speed;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    late.push(lateMs);
  }
  return expected.sort((a, b) => a.decidedAt - b.decidedAt).map(name);
}
