import fc from 'fast-check';
import { plain, stepsInOrder, toJourney, type Plan } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { BEGIN, deeds, defineJourneys, moments, users, type Deed } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { tampered, type Tamper } from '../testing/properties/tampered';
import type { Definitions } from '../definitions/definitions';
import type { Journey } from '../authoring/journey';
import type { MemoryUser } from '../testing/memory-host';
import type { Run } from '../model/state';

/**
 * Rule 5, for any journey that throws anywhere. Its run is parked. All runs go on as if the parked one waited there for an event
 * that never comes. A deploy with fixed code is as if that wait was removed.
 */

const YEAR = 365 * 86_400_000;
const WHATEVER = { effects: true, unbounded: false, triggers: ['Start', 'A', 'silence', 'stage idle'] };
const NEVER = plain('Never');

const failing = plans('failing', WHATEVER).filter(({ steps }) => steps.length > 0);
const others = fc.tuple(plans('other', WHATEVER), plans('third', WHATEVER));
const places = fc.record({ place: fc.nat(), before: fc.boolean() });

interface Place {
  readonly place: number;
  /** True: when the step is called. False: after it has answered. */
  readonly before: boolean;
}

/** The journey of a plan, which stops at a place as `stop` does. */
function stopping(plan: Plan, { place, before }: Place, stop: Tamper): Journey {
  const steps = stepsInOrder(plan.steps);
  return tampered(toJourney(plan), steps[place % steps.length] ?? '', async (j, step) => {
    if (before) await stop(j, step);
    const answer = await step();
    if (!before) await stop(j, step);
    return answer;
  });
}

const throwing: Tamper = () => {
  throw new Error('broken');
};
const waiting: Tamper = (j) => j.waitFor('parked', NEVER);

interface Deploy {
  readonly at: number;
  readonly definitions: Definitions;
}

async function lives(person: MemoryUser, life: readonly Deed[], deploys: readonly Deploy[]): Promise<StoredUser> {
  const [first, ...later] = deploys;
  if (!first) throw new Error('Nothing to live under.');
  const user = new StoredUser(person, first.definitions, { pending: 'awaited', history: 'limited' });
  const happenings = [
    ...life.map((deed) => ({ at: deed.receivedAt, happen: () => user.receive(deed) })),
    ...later.map(({ at, definitions }) => ({
      at,
      happen: () => {
        user.definitions = definitions;
        return user.advance(at);
      },
    })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, happen } of happenings) {
    await user.passUntil(at - 1);
    await happen();
  }
  await user.passUntil(BEGIN + YEAR);
  return user;
}

function sorted<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The outcome, without how the run stopped and the versions. */
function result({ outcome, runs, messages }: StoredUser): unknown {
  const { memory, stageChanges } = JSON.parse(JSON.stringify(outcome)) as Record<string, unknown>;
  const ownRun = ({ journal, status, reason, ...rest }: Run): object => {
    const open = rest.endedAt === null;
    const steps = journal.filter(({ step }) => step !== 'parked').map(({ version: _, ...record }) => record);
    return { ...rest, failure: null, consumed: [...rest.consumed].sort(), steps, ...(!open && { status, reason }) };
  };
  // A held message is decided again at every deploy.
  const told = [...messages.values()].map((one) => (one.status === 'queued' ? one : { ...one, decidedAt: null }));
  return { messages: sorted(told), memory, stageChanges, runs: sorted(runs).map(ownRun) };
}

it("a journey that throws has the same effect on all of the user's runs as one that waits there for ever", () =>
  fc.assert(
    fc.asyncProperty(failing, others, places, deeds(), users, async (plan, rest, place, life, person) => {
      const healthy = rest.map((plan) => toJourney(plan));
      const [broken, calm] = [throwing, waiting].map((stop) => stopping(plan, place, stop));
      const under = (journey: Journey | undefined): Promise<Definitions> =>
        defineJourneys([...(journey ? [journey] : []), ...healthy]);
      const thrown = await lives(person, life, [{ at: 0, definitions: await under(broken) }]);
      const waited = await lives(person, life, [{ at: 0, definitions: await under(calm) }]);
      expect(result(thrown)).toEqual(result(waited));
      const stopped = waited.runs.filter(({ journal }) => journal.some(({ step }) => step === 'parked'));
      for (const { id } of stopped)
        expect(thrown.runs.find((run) => run.id === id)?.failure).toMatchObject({ error: 'broken' });
    }),
    { numRuns: 100 },
  ));

it('a run that is fixed at any time goes on as if it had waited there until then, and repeats nothing', () =>
  fc.assert(
    fc.asyncProperty(failing, others, places, deeds(), moments, users, async (plan, rest, place, life, at, person) => {
      const healthy = rest.map((plan) => toJourney(plan));
      const fixed = { at, definitions: await defineJourneys([toJourney(plan), ...healthy]) };
      const [thrown, waited] = await Promise.all(
        [throwing, waiting].map(async (stop) => {
          const definitions = await defineJourneys([stopping(plan, place, stop), ...healthy]);
          return lives(person, life, [{ at: 0, definitions }, fixed]);
        }),
      );
      expect(thrown && result(thrown)).toEqual(waited && result(waited));
      expect(thrown?.runs.filter(({ endedAt, status }) => endedAt === null || status === 'failed')).toEqual([]);
    }),
    { numRuns: 100 },
  ));

it('a run that is broken and fixed while nothing was due goes on as if it had never thrown', () =>
  fc.assert(
    fc.asyncProperty(
      failing,
      deeds(),
      moments,
      fc.integer({ min: 1, max: 600 }),
      users,
      async (plan, all, at, minutes, person) => {
        const until = at + minutes * 60_000;
        // An event that comes later may tell of a silence that was over before. It is due when it is told.
        const life = all.filter((event) => event.receivedAt < at || event.at > until);
        const [sound, broken] = await Promise.all([
          defineJourneys([toJourney(plan)]),
          defineJourneys([stopping(plan, { place: 0, before: true }, throwing)]),
        ]);
        const calm = await lives(person, life, [{ at: 0, definitions: sound }]);
        const times = JSON.stringify(calm.outcome).match(/\d{13}/g) ?? [];
        if (times.some((time) => Number(time) >= at && Number(time) <= until)) return;
        const deploys = [
          { at: 0, definitions: sound },
          { at, definitions: broken },
          { at: until, definitions: sound },
        ];
        expect(result(await lives(person, life, deploys))).toEqual(result(calm));
      },
    ),
    { numRuns: 150 },
  ));
