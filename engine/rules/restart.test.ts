import fc from 'fast-check';
import { z } from 'zod';
import { event } from '../authoring/event';
import { journey, type Journey, type JourneyOptions } from '../authoring/journey';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { toMs, type Duration } from '../model/duration';
import type { Run } from '../model/state';
import { compile } from '../outline/compile';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost } from '../testing/memory-host';
import { policy } from '../policy/define';
import { unrestrained } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';
import { inactivity } from '../user/triggers';

/** `reenter: 'restart'`: a trigger while inside ends the run, and starts the journey anew. See `docs/semantics.md`. */

const schema = z.object({ id: z.string(), startsAt: z.string() });
const booked = event('Booked', schema, { id: 'a-1', startsAt: '2026-01-08T15:00:00Z' });
const cancelled = event('Cancelled', z.object({ id: z.string() }), { id: 'a-1' });
const attended = event('Attended', z.object({ id: z.string() }), { id: 'a-1' });

const REMINDERS: readonly (readonly [string, Duration])[] = [
  ['a day', '24 hours'],
  ['an hour', '1 hour'],
];
const byId: JourneyOptions['key'] = ({ properties: { id } }) => (typeof id === 'string' ? id : undefined);

function appointment(options: Partial<JourneyOptions<typeof booked>> = {}): Journey {
  return journey(
    'appointment',
    { enter: booked, key: byId, reenter: 'restart', exit: [cancelled], transactional: true, ...options },
    async (j) => {
      for (const [name, by] of REMINDERS)
        if (await j.sleepUntil(`${name} before`, { before: j.event.properties.startsAt, by }, { ifPast: 'skip' }))
          await j.send(name, { email: 'reminder' });
    },
  );
}

/** A Monday noon, UTC. */
const NOON = '2026-01-05T12:00:00Z';

const sentAt = (ada: Traveller): string[] => ada.messages.map(({ decidedAt }) => new Date(decidedAt).toISOString());
const endings = ({ runs }: { readonly runs: readonly Run[] }): unknown[] =>
  runs.map(({ status, endedBy, key }) => [key, status, endedBy ?? null]);

async function book(startsAt: string, options: Partial<JourneyOptions<typeof booked>> = {}): Promise<Traveller> {
  const ada = traveller(appointment(options), { with: unrestrained });
  await ada.track(booked, { id: 'a-1', startsAt });
  return ada;
}

it('the trigger ends the run and starts it anew with the new event', async () => {
  const ada = await book('2026-01-08T15:00:00Z');
  await ada.forward('1 day');
  await ada.track(booked, { id: 'a-1', startsAt: '2026-01-10T15:00:00Z' });
  expect(endings(ada)).toEqual([
    ['a-1', 'exited', 'restart'],
    ['a-1', 'active', null],
  ]);
  await ada.forward('9 days');
  expect(sentAt(ada)).toEqual(['2026-01-09T15:00:00.000Z', '2026-01-10T14:00:00.000Z']);
});

it('a new time in the next hour leaves only what is still ahead', async () => {
  const ada = await book('2026-01-08T15:00:00Z');
  await ada.forward('1 day');
  await ada.track(booked, { id: 'a-1', startsAt: '2026-01-06T12:40:00Z' });
  await ada.forward('9 days');
  expect(sentAt(ada)).toEqual([]);
  expect(endings(ada)).toContainEqual(['a-1', 'completed', 'returned']);
});

it('another key is left alone', async () => {
  const ada = await book('2026-01-08T15:00:00Z');
  await ada.track(booked, { id: 'a-2', startsAt: '2026-01-09T15:00:00Z' });
  await ada.track(booked, { id: 'a-2', startsAt: '2026-01-10T15:00:00Z' });
  expect(endings(ada)).toEqual([
    ['a-2', 'exited', 'restart'],
    ['a-1', 'active', null],
    ['a-2', 'active', null],
  ]);
});

it('after its end the trigger lets the user enter again', async () => {
  const ada = await book('2026-01-06T15:00:00Z');
  await ada.forward('2 days');
  await ada.track(booked, { id: 'a-1', startsAt: '2026-01-20T15:00:00Z' });
  expect(endings(ada)).toEqual([
    ['a-1', 'completed', 'returned'],
    ['a-1', 'active', null],
  ]);
});

it('what the ended run had not delivered is withdrawn', async () => {
  const late = { at: '2026-01-05T23:00:00Z', with: { policy: policy() } };
  const greeting = journey('greeting', { enter: booked, reenter: 'restart' }, async (j) => {
    await j.send('thanks', { email: 'thanks' });
  });
  const ada = traveller(greeting, late);
  await ada.track(booked, { id: 'a-1', startsAt: NOON });
  expect(ada.held).toHaveLength(1);
  await ada.track(booked, { id: 'a-1', startsAt: NOON });
  await ada.forward('1 day');
  expect(ada.suppressed).toMatchObject([{ reason: 'left the journey' }]);
  expect(ada.messages).toHaveLength(1);
});

it('a limit of open runs does not keep a run from starting anew', async () => {
  const ada = await book('2026-01-08T15:00:00Z', { maxOpenRuns: 1 });
  await ada.track(booked, { id: 'a-1', startsAt: '2026-01-09T15:00:00Z' });
  await ada.track(booked, { id: 'a-2', startsAt: '2026-01-09T15:00:00Z' });
  expect(endings(ada)).toEqual([
    ['a-1', 'exited', 'restart'],
    ['a-1', 'active', null],
  ]);
});

it('a parked run starts anew', async () => {
  const ada = await book('no time');
  expect(endings(ada)).toEqual([['a-1', 'failed', null]]);
  await ada.track(booked, { id: 'a-1', startsAt: '2026-01-09T15:00:00Z' });
  expect(endings(ada)).toContainEqual(['a-1', 'active', null]);
});

it('a later silence starts anew, the same silence does not', async () => {
  const miss = journey('miss', { enter: inactivity('2 days'), reenter: 'restart' }, (j) =>
    j.sleep('a month', '30 days'),
  );
  const ada = traveller(miss);
  await ada.track(booked, { id: 'a-1', startsAt: NOON });
  await ada.forward('9 days');
  expect(endings(ada)).toEqual([[null, 'active', null]]);
  await ada.track(cancelled, { id: 'a-1' });
  await ada.forward('9 days');
  expect(endings(ada)).toEqual([
    [null, 'exited', 'restart'],
    [null, 'active', null],
  ]);
});

it('a silence that began before the entry, by an event that came late, starts anew at its end', async () => {
  const miss = journey('miss', { enter: inactivity('2 days'), reenter: 'restart' }, (j) =>
    j.sleep('a month', '30 days'),
  );
  const at = Date.parse(NOON);
  const day = 86_400_000;
  const host = new MemoryHost(
    { id: 'ada', traits: {}, reachable: ['email'], createdAt: at },
    await compile({
      journeys: [miss],
      lifecycle: lifecycle({ initial: 'new', rules: [] }),
      ...unrestrained,
      traits: {},
    }),
  );
  await host.receive('Booked', {}, at);
  await host.passUntil(at + 2.5 * day);
  await host.receive('Booked', {}, at + 2.5 * day, at + day);
  await host.passUntil(at + 4 * day);
  expect(host.runs.map(({ enteredAt, endedBy }) => [(enteredAt - at) / day, endedBy ?? null])).toEqual([
    [2, 'restart'],
    [3, null],
  ]);
});

describe('of two triggers the later one wins, although its run has ended', () => {
  /** A run of three days, then one that ends at once, then a trigger that happened before the last one. */
  async function overtake(ada: Traveller, id: string): Promise<void> {
    await ada.track(booked, { id, startsAt: '2026-01-08T15:00:00Z' });
    await ada.forward('1 hour');
    await ada.track(booked, { id, startsAt: '2026-01-05T13:30:00Z' });
    await ada.track(booked, { id, startsAt: '2026-01-20T12:00:00Z' }, { ago: '5 seconds' });
  }

  it.each([
    ['with a key', appointment()],
    ['of a journey without keys', appointment({ key: undefined })],
  ])('%s', async (_, course) => {
    const ada = traveller(course, { at: NOON, with: unrestrained });
    await overtake(ada, 'a-1');
    expect(ada.runs.map(({ endedBy }) => endedBy)).toEqual(['restart', 'returned']);
    await ada.forward('30 days');
    expect(sentAt(ada)).toEqual([]);
  });

  it('another key is not overtaken', async () => {
    const ada = await book('2026-01-05T13:30:00Z');
    await overtake(ada, 'a-1');
    await ada.track(booked, { id: 'a-2', startsAt: '2026-01-20T12:00:00Z' }, { ago: '5 seconds' });
    expect(endings(ada)).toContainEqual(['a-2', 'active', null]);
  });

  it('nor is a trigger that happened after it', async () => {
    const ada = await book('2026-01-05T12:30:00Z');
    await ada.forward('1 hour');
    await ada.track(booked, { id: 'a-1', startsAt: '2026-01-20T12:00:00Z' }, { ago: '59 minutes' });
    expect(endings(ada)).toContainEqual(['a-1', 'active', null]);
  });

  it('and although its entry does not count', async () => {
    const quiet = journey('quiet', { enter: booked, key: byId, reenter: 'restart' }, async (j) => {
      if (j.event.properties.startsAt === NOON) return j.exit('nothing to say', { uncounted: true });
      await j.send('late', { email: 'late' });
    });
    const ada = traveller(quiet, { with: unrestrained });
    await ada.track(booked, { id: 'a-1', startsAt: NOON });
    await ada.track(booked, { id: 'a-1', startsAt: '2026-01-20T12:00:00Z' }, { ago: '5 seconds' });
    expect(sentAt(ada)).toEqual([]);
  });
});

describe('of two triggers the later one wins', () => {
  const at = Date.parse(NOON);
  const host = async (options: Partial<JourneyOptions<typeof booked>> = {}): Promise<MemoryHost> =>
    new MemoryHost(
      { id: 'ada', traits: {}, reachable: ['email'], createdAt: at },
      await compile({
        journeys: [appointment(options)],
        lifecycle: lifecycle({ initial: 'new', rules: [] }),
        ...unrestrained,
        traits: {},
      }),
    );
  const one = (
    id: number,
    happenedAt: number,
    receivedAt: number,
    day: number,
    { name }: { readonly name: string } = booked,
  ) => ({
    id: String(id),
    name,
    at: happenedAt,
    receivedAt,
    properties: { id: 'a-1', startsAt: `2026-01-0${day}T15:00:00Z` },
  });
  const startsAt = ({ runs }: MemoryHost): unknown[] =>
    runs.flatMap(({ status, trigger }) => (status === 'active' ? [trigger.properties['startsAt']] : []));

  it.each([
    ['in one request, in any order', [one(1, at - 100, at, 9), one(2, at - 300, at, 8)]],
    ['in one second, in their order', [one(1, at - 300, at, 8), one(2, at - 200, at + 5, 9)]],
    ['in one second, the later one received first', [one(1, at - 200, at, 9), one(2, at - 300, at + 5, 8)]],
    [
      'in one second, with times cut to seconds: the later one received',
      [one(1, at, at + 10, 8), one(2, at, at + 20, 9)],
    ],
  ])('%s', async (_, events) => {
    const user = await host();
    for (const receivedAt of new Set(events.map((event) => event.receivedAt)))
      await user.take(
        events.filter((event) => event.receivedAt === receivedAt),
        receivedAt,
      );
    expect(startsAt(user)).toEqual(['2026-01-09T15:00:00Z']);
  });

  it('a goal or exit that came before the new trigger counts for the former run alone', async () => {
    const user = await host({ goal: { event: attended } });
    await user.take([one(1, at, at, 8)], at);
    const [before, between, after] = [at + 1_001, at + 1_002, at + 1_003];
    await user.take([one(2, before, after, 8, attended), one(3, between, after, 9)], after);
    expect(user.runs.map(({ goalAt, endedBy }) => [goalAt, endedBy])).toEqual([
      [before, 'restart'],
      [null, undefined],
    ]);
    await user.take([one(4, after + 1, after + 2, 8, cancelled), one(5, after + 2, after + 2, 9)], after + 2);
    expect(user.runs.map(({ endedBy }) => endedBy)).toEqual(['restart', 'exit event', undefined]);
  });

  it('an exit that came after the new trigger ends the new run', async () => {
    const user = await host();
    await user.take([one(1, at, at, 8)], at);
    await user.take([one(2, at + 1_001, at + 1_003, 9), one(3, at + 1_002, at + 1_003, 9, cancelled)], at + 1_003);
    expect(user.runs.map(({ endedBy }) => endedBy)).toEqual(['restart', 'exit event']);
  });
});

describe('an edit', () => {
  it('to restart leaves the run inside; the next trigger restarts it', async () => {
    const ada = await book('2026-01-08T15:00:00Z', { reenter: 'never' });
    await ada.track(booked, { id: 'a-1', startsAt: '2026-01-09T15:00:00Z' });
    await ada.deploy(appointment());
    expect(endings(ada)).toEqual([['a-1', 'active', null]]);
    await ada.track(booked, { id: 'a-1', startsAt: '2026-01-10T15:00:00Z' });
    expect(endings(ada)).toEqual([
      ['a-1', 'exited', 'restart'],
      ['a-1', 'active', null],
    ]);
  });

  it.each(['never', 'always', { after: '1 hour' }] as const)(
    'from restart to %j lets nobody restart',
    async (reenter) => {
      const ada = await book('2026-01-08T15:00:00Z');
      await ada.deploy(appointment({ reenter }));
      await ada.forward('1 day');
      await ada.track(booked, { id: 'a-1', startsAt: '2026-01-10T15:00:00Z' });
      expect(endings(ada)).toEqual([['a-1', 'active', null]]);
    },
  );
});

it('a journey made of data restarts', async () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Booked' },
    reenter: 'restart',
    key: 'id',
    steps: [{ kind: 'sleep', step: 'a day', duration: '1 day' }],
  });
  const ada = traveller(toJourney('defined', definition, new Map([[booked.name, booked]])));
  for (const startsAt of ['2026-01-08', '2026-01-09']) await ada.track(booked, { id: 'a-1', startsAt });
  expect(endings(ada)).toEqual([
    ['a-1', 'exited', 'restart'],
    ['a-1', 'active', null],
  ]);
});

/** The nights in which the clocks change in Berlin and in New York, and a night like any other. */
const NIGHTS = ['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z', '2026-03-07T12:00:00Z', '2026-01-05T12:00:00Z'];
const DAY_S = 86_400;

it('over 500 random reschedulings, an hour before is exact, and nothing is sent for a time that no longer holds', () => {
  const rescheduling = fc.record({
    id: fc.constantFrom('a-1', 'a-1', 'a-2'),
    after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_600 }), fc.integer({ min: 0, max: DAY_S })),
    ago: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 600 })),
    ahead: fc.oneof(fc.integer({ min: 0, max: 2 * 3_600 }), fc.integer({ min: 0, max: 4 * DAY_S })),
  });
  return fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...NIGHTS),
      fc.constantFrom('Europe/Berlin', 'America/New_York'),
      fc.array(rescheduling, { minLength: 1, maxLength: 8 }),
      async (from, timezone, reschedulings) => {
        const ada = traveller(appointment(), { at: from, timezone, with: unrestrained });
        const holds = new Map<string, { readonly at: number; readonly starts: number; readonly since: number }>();
        const due: [string, number][] = [];
        const remind = (id: string, before: number): void => {
          const held = holds.get(id);
          if (!held) return;
          for (const [name, by] of REMINDERS) {
            const at = held.starts - toMs(by);
            if (at >= held.since && at < before) due.push([`${id} ${name}`, at]);
          }
        };
        for (const [n, { id, after, ago, ahead }] of reschedulings.entries()) {
          await ada.forward(`${after * 1_000 + 7} milliseconds`);
          const at = ada.now - ago * 1_000;
          // Never the instant of an event.
          const starts = ada.now + ahead * 1_000 + 500 + n;
          await ada.track(
            booked,
            { id, startsAt: new Date(starts).toISOString() },
            { ago: `${ago * 1_000} milliseconds` },
          );
          const held = holds.get(id);
          if (held !== undefined && at < held.at) continue;
          remind(id, ada.now);
          holds.set(id, { at, starts, since: ada.now });
        }
        for (const id of holds.keys()) remind(id, Infinity);
        await ada.forward('9 days');
        const sent = ada.messages.map(({ step, runId, decidedAt }) => {
          const key = ada.runs.find((run) => run.id === runId)?.key ?? '';
          return [`${key} ${step}`, decidedAt];
        });
        expect(sent.sort()).toEqual(due.sort());
      },
    ),
    { numRuns: 500 },
  );
});
