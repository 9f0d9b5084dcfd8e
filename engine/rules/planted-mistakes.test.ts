import fc from 'fast-check';
import { projectCreated, signedUp } from '../testing/properties/catalogue';
import { stepsInOrder, toJourney, type Plan } from '../testing/properties/plan';
import { onceOnly } from '../testing/properties/random-journey';
import { BEGIN, deeds, defineJourneys, users, type Deed } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { tampered } from '../testing/properties/tampered';
import type { Definitions } from '../definitions/definitions';
import { activity } from '../authoring/event';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { explore } from '../explore';
import type { MemoryUser } from '../testing/memory-host';
import type { Run } from '../model/state';
import { traveller } from '../testing/traveller';

/** Rule 6: a run that comes to misused steps, anywhere in a journey, is parked with an error that names the step. */

const YEAR = 365 * 86_400_000;
/** Journeys that each user enters once, at the beginning. */
const once = onceOnly('only', { effects: true, unbounded: false, triggers: ['Start'] })
  .filter(({ steps }) => steps.length > 0)
  .map((plan): Plan => ({ ...plan, exit: [], goal: null }));

/** A mistake at a step, and the failure of a run that comes there. */
interface Mistake {
  readonly plant: (sound: Journey, where: string) => Journey;
  readonly said: (where: string, last: string | null) => { readonly error: string; readonly step: string | null };
  /** The mistake is met only after the step has answered. */
  readonly after?: boolean;
}

const overlap: Mistake = {
  plant: (sound, where) => tampered(sound, where, (j, step) => Promise.all([j.award('beside', { points: 1 }), step()])),
  said: (where) => ({ error: `Steps 'beside' and '${where}' overlap: await each step before the next.`, step: where }),
};

const repeated: Mistake = {
  plant: (sound, where) =>
    tampered(sound, where, async (j, step) => {
      const answer = await step();
      await j.award(where, { points: 1 });
      return answer;
    }),
  said: (where) => ({ error: `Two steps are named '${where}': names are unique within a journey.`, step: where }),
  after: true,
};

const foreign = (wait: (then: () => void) => void): Mistake => ({
  plant: (sound, where) =>
    tampered(sound, where, async (_, step) => {
      await new Promise<void>(wait);
      return step();
    }),
  said: (_, last) => ({
    error: `The journey awaits something that is not a step, ${last === null ? 'at its start' : `after step '${last}'`}. Use j.call for anything that takes time.`,
    step: last,
  }),
});

const RETURNED = new Error('returned');
/**
 * A step that is called after the function has returned.
 * @param turns the number of microtasks between the return and the step
 */
const late = (turns: number, said: string): Mistake => ({
  plant: (sound, where) => {
    const cut = tampered(sound, where, () => Promise.reject(RETURNED));
    const run = async (j: Steps<never>): Promise<void> => {
      await cut.run(j).catch((error: unknown) => {
        if (error !== RETURNED) throw error;
      });
      let turn = Promise.resolve();
      for (let index = 0; index < turns; index++) turn = turn.then(() => undefined);
      void turn.then(() => j.award('late', { points: 1 }));
    };
    return { ...cut, run };
  },
  said: () => ({ error: `Step 'late' was ${said}`, step: 'late' }),
});

/** Steps with wrong options, and what their errors say. */
const soon = 'soon' as '1 day';
const WRONG: readonly (readonly [said: string, call: (j: Steps, step: string) => Promise<unknown>])[] = [
  ['Expected `times` to be a whole number', (j, step) => j.waitFor(step, projectCreated, { times: 1 })],
  [
    'Expected `within` or `until`',
    (j, step) => j.waitFor(step, projectCreated, { within: '1 day', until: new Date(0) }),
  ],
  ["within: Not a duration: 'soon'", (j, step) => j.waitFor(step, projectCreated, { within: soon })],
  ['Not a time', (j, step) => j.waitFor(step, projectCreated, { until: 'soon' })],
  ["for: Not a duration: 'soon'", (j, step) => j.collect(step, projectCreated, { for: soon })],
  ["within: Not a duration: 'soon'", (j, step) => j.collect(step, projectCreated, { for: '1 day', within: soon })],
  ['atMost must be', (j, step) => j.collect(step, projectCreated, { for: '1 day', atMost: 0 })],
  ["Not a duration: 'soon'", (j, step) => j.sleep(step, soon)],
  ['Not a time', (j, step) => j.sleepUntil(step, 'soon')],
  ["expires: Not a duration: 'soon'", (j, step) => j.send(step, { email: 'hello' }, { expires: soon })],
  ["within: Not a duration: 'soon'", (j, step) => j.call(step, () => Promise.resolve(null), { within: soon })],
  ['attempts must be', (j, step) => j.call(step, () => Promise.resolve(null), { attempts: 0 })],
  ['at least one weight must be positive', (j, step) => j.experiment(step, { one: 0 })],
  ['`among` does not have', (j, step) => j.pick(step, () => 'c', { among: ['a', 'b'] })],
  ['consent: expected true or false', (j, step) => j.consent(step, {})],
  ['name an event', (j, step) => j.track(step, { userId: 'bob' }, activity, {})],
];

async function lived(person: MemoryUser, life: readonly Deed[], definitions: Definitions): Promise<Run | undefined> {
  const user = new StoredUser(person, definitions, { pending: 'awaited', history: 'limited' });
  for (const deed of life) {
    await user.passUntil(deed.receivedAt - 1);
    await user.receive(deed);
  }
  await user.passUntil(BEGIN + YEAR);
  return user.runs[0];
}

it.each<[string, Mistake]>([
  ['steps that overlap', overlap],
  ['a name that two steps have', repeated],
  ['a step at the very return of the function', late(0, "not awaited when the journey's function returned.")],
  ['a step after the function has returned', late(5, "called after the journey's function had returned.")],
  ['an await on something that is there at the next tick', foreign((then) => process.nextTick(then))],
  ['an await on something that is there soon', foreign((then) => void setImmediate(then))],
  ['an await on something that never comes', foreign(() => undefined)],
])('%s: an error for a run that comes there, and in the outline', (_, { plant, said, after = false }) =>
  fc.assert(
    fc.asyncProperty(once, fc.nat(), deeds(), users, async (plan, place, life, person) => {
      const steps = stepsInOrder(plan.steps);
      const where = steps[place % steps.length] ?? '';
      const sound = toJourney(plan);
      const soundly = await defineJourneys([sound]);
      const mistaken = await defineJourneys([plant(sound, where)]);
      const kind = soundly.outlines.get('only')?.steps.find(({ step }) => step === where)?.kind;
      if (kind === undefined || (after && kind === 'exit')) return;
      expect(mistaken.outlines.get('only')?.errors.map(({ message }) => message)).toContainEqual(
        expect.stringContaining(said(where, '').error.split(',')[0] ?? ''),
      );
      const run = await lived(person, life, soundly);
      const before = run?.journal.findIndex(({ step }) => step === where) ?? -1;
      if (before === -1) return;
      const last = run?.journal[before - 1]?.step ?? null;
      expect(await lived(person, life, mistaken)).toMatchObject({ status: 'failed', failure: said(where, last) });
    }),
    { numRuns: 60 },
  ),
);

it.each(WRONG.filter(([said]) => !said.includes('among')))('%s: an error of the step in the outline', (said, call) =>
  fc.assert(
    fc.asyncProperty(once, fc.nat(), async (plan, place) => {
      const steps = stepsInOrder(plan.steps);
      const where = steps[place % steps.length] ?? '';
      const sound = toJourney(plan);
      const soundly = await defineJourneys([sound]);
      fc.pre(soundly.outlines.get('only')?.steps.some(({ step }) => step === where) ?? false);
      const mistaken = await defineJourneys([tampered(sound, where, (j) => call(j, where))]);
      const message = expect.stringContaining(said) as string;
      expect(mistaken.outlines.get('only')?.errors).toContainEqual({ step: where, message });
    }),
    { numRuns: 10 },
  ),
);

it.each(WRONG)('%s: the run is parked in the step, which explore names', async (said, call) => {
  const wrong = journey('wrong', { enter: signedUp }, async (j) => {
    await j.award('before', { points: 1 });
    await call(j, 'here');
  });
  const ada = traveller(wrong);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.runs).toMatchObject([
    { status: 'failed', failure: { step: 'here', error: expect.stringContaining(said) as string } },
  ]);
  expect((await explore(wrong)).defects).toContainEqual(
    expect.objectContaining({ kind: 'error', step: 'here', text: expect.stringContaining(said) as string }),
  );
});

it('a step that is called a little later beside a wait overlaps too, which is reported at once', async () => {
  const beside = journey('beside', { enter: signedUp }, async (j) => {
    const later = async (): Promise<void> => {
      await Promise.resolve().then(() => undefined);
      await j.award('beside', { points: 1 });
    };
    await Promise.all([j.waitFor('a project', projectCreated), later()]);
  });
  const ada = traveller(beside);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.runs).toMatchObject([{ status: 'failed', failure: { step: 'beside' } }]);
});

it('a last wait that is not awaited is reported at once, not when it is over', async () => {
  const hasty = journey('hasty', { enter: signedUp }, (j) => {
    void j.sleep('last', '1 day');
    return Promise.resolve();
  });
  const ada = traveller(hasty);
  await ada.track(signedUp, { plan: 'free' });
  const error = "Step 'last' was not awaited when the journey's function returned.";
  expect(ada.runs).toMatchObject([{ status: 'failed', failure: { step: 'last', error } }]);
});
