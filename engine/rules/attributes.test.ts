import fc from 'fast-check';
import { toJourney, type Node, type Plan } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { BEGIN, deeds, defineJourneys, moments, users, type Deed } from '../testing/properties/random-life';
import type { Definitions, Outline } from '../definitions/definitions';
import type { Facts, Journey, Steps } from '../authoring/journey';
import { MemoryHost, type MemoryUser } from '../testing/memory-host';

import type { Run, StepRecord } from '../model/state';

/**
 * Rule 7, for journeys that read a trait in each check. A step is decided by the trait's value at that time, which is recorded.
 * Later values change nothing that was decided. The outline has every way that a user goes.
 */

const YEAR = 365 * 86_400_000;
const askers = plans('asker', { effects: false, unbounded: false, triggers: ['Start', 'A', 'stage idle'] }).filter(
  (plan) => JSON.stringify(plan).includes('"check"'),
);

/** The journey of a plan, with checks that read the trait `mood`. */
function asking(plan: Plan): Journey {
  const sound = toJourney(plan);
  const ask = ({ user }: Facts): boolean => user.traits['mood'] === 'good';
  const steps = (j: Steps<never>): Steps<never> =>
    new Proxy(j, {
      get: (target, property): unknown =>
        property === 'check' ? (step: string) => target.check(step, ask) : Reflect.get(target, property),
    });
  return { ...sound, run: (j) => sound.run(steps(j)) };
}

interface Mood {
  readonly at: number;
  readonly mood: 'good' | 'bad';
  /** The user is also advanced at this time. */
  readonly looked: boolean;
}
const moods = fc
  .array(fc.record({ at: moments, mood: fc.constantFrom('good', 'bad'), looked: fc.boolean() }), {
    maxLength: 12,
    size: 'max',
  })
  .map((list) => list.map((one, index) => ({ ...one, at: one.at + index })).sort((a, b) => a.at - b.at));

/** Lives a life of changing moods. `look` is called after everything that happens. */
async function live(
  person: MemoryUser,
  definitions: Definitions,
  life: readonly Deed[],
  changes: readonly Mood[],
  look: (host: MemoryHost) => void,
): Promise<MemoryHost> {
  const host = new MemoryHost({ ...person, traits: { ...person.traits, mood: 'bad' } }, definitions);
  const happenings = [
    ...life.map((deed) => ({
      at: deed.receivedAt,
      happen: () => host.receive(deed.name, deed.properties, deed.receivedAt, deed.at),
    })),
    ...changes.map(({ at, mood, looked }) => ({
      at,
      happen: async () => {
        host.identify({ ...host.state.traits, mood });
        if (looked && host.state.memory) await host.decide(at);
      },
    })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, happen } of happenings) {
    while (host.wakeAt !== null && host.wakeAt < at) {
      await host.decide(host.wakeAt);
      look(host);
    }
    await happen();
    look(host);
  }
  await host.passUntil(BEGIN + YEAR);
  look(host);
  return host;
}

/** Returns a function that fails if a decided record has changed. */
function keeper(): (host: MemoryHost) => void {
  const kept = new Map<string, string>();
  return ({ runs }) => {
    for (const { id, journal } of runs) {
      for (const record of journal.filter(({ status }) => status !== 'waiting')) {
        const key = `${id} ${record.step}`;
        const text = JSON.stringify(record);
        expect(text).toBe(kept.get(key) ?? text);
        kept.set(key, text);
      }
    }
  };
}

/** The steps on the way to which the recorded outcomes lead. */
function wayBy(nodes: readonly Node[], journal: ReadonlyMap<string, StepRecord>): string[] {
  return nodes.flatMap((node) => {
    const record = journal.get(node.step);
    if (!record) return [];
    if (!('then' in node)) return [node.step];
    const yes =
      node.kind === 'experiment' ? record.outcome === 'one' : record.outcome !== null && record.outcome !== false;
    return [node.step, ...(record.status === 'waiting' ? [] : wayBy(yes ? node.then : node.otherwise, journal))];
  });
}

it('a step is decided by the traits at that time, which are recorded; later changes do not change what was decided', () =>
  fc.assert(
    fc.asyncProperty(askers, deeds(), moods, users, async (plan, life, changes, person) => {
      const definitions = await defineJourneys([asking(plan)]);
      const host = await live(person, definitions, life, changes, keeper());
      for (const { journal } of host.runs) {
        for (const { kind, at, outcome, facts } of journal.filter((record) => record.kind === 'check')) {
          const mood = changes.findLast((change) => change.at <= (at ?? 0))?.mood ?? 'bad';
          expect([kind, outcome, facts]).toEqual(['check', mood === 'good', { 'traits.mood': mood }]);
        }
        const way = wayBy(plan.steps, new Map(journal.map((record) => [record.step, record])));
        expect(journal.map(({ step }) => step)).toEqual(way);
      }
    }),
    { numRuns: 150 },
  ));

it('the outline has the way of every user, whatever the traits are', () =>
  fc.assert(
    fc.asyncProperty(askers, deeds(), moods, users, async (plan, life, changes, person) => {
      const definitions = await defineJourneys([asking(plan)]);
      const outline = definitions.outlines.get('asker');
      const host = await live(person, definitions, life, changes, () => undefined);
      if (!outline || outline.truncated) return;
      expect(outline.errors).toEqual([]);
      for (const run of host.runs) expect(missing(run, outline)).toEqual([]);
    }),
    { numRuns: 150 },
  ));

/** The edges of a run's way that its journey's outline does not have. */
function missing({ journal, status }: Run, { edges }: Outline): string[] {
  // A record does not tell whether an instant that came in time would have been skipped otherwise. A wait for an end that can't come
  // goes the way of a timeout, if it has one.
  const same: Readonly<Record<string, string>> = { 'in time': '', 'nothing to wait for': 'timeout' };
  const known = new Set(edges.map((edge) => JSON.stringify({ ...edge, when: same[edge.when] ?? edge.when })));
  const turns = journal.map((record, index) => {
    const before = journal[index - 1];
    return { from: before?.step ?? null, to: record.step, when: before ? labelOf(before) : '' };
  });
  const last = journal.at(-1);
  const end =
    status === 'completed' && last?.status === 'done' ? [{ from: last.step, to: null, when: labelOf(last) }] : [];
  return [...turns, ...end].map((edge) => JSON.stringify(edge)).filter((edge) => !known.has(edge));
}

function labelOf({ kind, outcome, reason }: StepRecord): string {
  if (kind === 'check') return outcome === true ? 'yes' : 'no';
  if (kind === 'waitFor') return outcome === null ? 'timeout' : reason === 'activity' ? '*' : reason;
  if (kind === 'sleepUntil') return outcome === false ? 'past' : '';
  if (kind === 'start') return (outcome as { readonly entered?: boolean } | null)?.entered ? 'entered' : 'refused';
  return kind === 'experiment' && typeof outcome === 'string' ? outcome : '';
}
