import { projectCreated, signedUp } from '../testing/properties/catalogue';
import { allOf, anyOf, type Occurrence } from '../authoring/event';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { outline } from '../outline/outline';
import { trait } from '../model/trait-time';
import { traveller } from '../testing/traveller';
import { yearly } from '../user/triggers';

/**
 * Rule 6: overlapping steps, a repeated step name, a step after the function returned, and an await on something that is not a
 * step are errors. The outline reports them at the start. A run that meets one is parked.
 */

const TO = { userId: 'bob' };
/** What somebody may write in place of an event, in a file without type checks. */
const NAME = 'A' as never;

type J = Steps<Occurrence<{ plan: string }, 'Signed Up'>>;

async function mistakeIn(run: (j: J) => Promise<void>): Promise<{ error: string; step: string | null } | null> {
  const ada = traveller(journey('mistaken', { enter: signedUp }, run));
  await ada.track(signedUp, { plan: 'free' });
  const failure = ada.runs[0]?.failure;
  return failure ? { error: failure.error, step: failure.step } : null;
}

it('steps that overlap', async () => {
  const mistake = await mistakeIn(async (j) => {
    await Promise.all([j.award('one', { points: 1 }), j.award('two', { points: 1 })]);
  });
  expect(mistake).toEqual({ error: "Steps 'one' and 'two' overlap: await each step before the next.", step: 'two' });
});

it('waits that overlap are reported at once, not when the first is over', async () => {
  const mistake = await mistakeIn(async (j) => {
    await Promise.race([j.waitFor('one', projectCreated), j.sleep('two', '1 day')]);
  });
  expect(mistake).toEqual({ error: "Steps 'one' and 'two' overlap: await each step before the next.", step: 'two' });
});

it('a step that was not awaited before the next', async () => {
  const mistake = await mistakeIn(async (j) => {
    void j.award('one', { points: 1 });
    await j.award('two', { points: 1 });
  });
  expect(mistake?.error).toMatch("Steps 'one' and 'two' overlap");
});

it('a name that two steps have', async () => {
  const mistake = await mistakeIn(async (j) => {
    for (let index = 0; index < 2; index++) await j.award('prize', { points: 1 });
  });
  expect(mistake).toEqual({ error: "Two steps are named 'prize': names are unique within a journey.", step: 'prize' });
});

it('a step after the function has returned', async () => {
  const mistake = await mistakeIn((j) => {
    void j.award('one', { points: 1 }).then(() => j.award('two', { points: 1 }));
    return Promise.resolve();
  });
  expect(mistake).toEqual({
    error: "Step 'two' was called after the journey's function had returned.",
    step: 'two',
  });
});

it('a step long after the end does nothing, and the run stays completed', async () => {
  let later: (() => Promise<void>) | undefined;
  const forgetful = journey('forgetful', { enter: signedUp }, async (j) => {
    later = () => j.award('later', { points: 1 });
    await j.award('now', { points: 1 });
  });
  const ada = traveller(forgetful);
  await ada.track(signedUp, { plan: 'free' });
  void later?.();
  expect(ada.profile.points).toBe(1);
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});

it('an await on something that is not a step', async () => {
  const mistake = await mistakeIn(async (j) => {
    await j.award('one', { points: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1));
    await j.award('two', { points: 1 });
  });
  expect(mistake).toEqual({
    error:
      "The journey awaits something that is not a step, after step 'one'. Use j.call for anything that takes time.",
    step: 'one',
  });
});

it('an await on something that is not a step, even if it takes one tick', async () => {
  for (const soon of [
    (then: () => void): void => process.nextTick(then),
    (then: () => void): void => void setImmediate(then),
  ]) {
    const mistake = await mistakeIn(async (j) => {
      await j.award('one', { points: 1 });
      await new Promise<void>(soon);
      await j.award('two', { points: 1 });
    });
    expect(mistake).toMatchObject({ step: 'one' });
  }
});

it('an await on something that is not a step, right at the start', async () => {
  const mistake = await mistakeIn(() => new Promise(() => undefined));
  expect(mistake?.error).toMatch('awaits something that is not a step, at its start');
});

it.each([
  ['empty', ''],
  ['too long', 'x'.repeat(201)],
  ['with half an emoji, which would be stored as another name', '\u{1f600}'.slice(0, 1)],
])('a name that is %s', async (_what, name) => {
  const mistake = await mistakeIn(async (j) => j.sleep(name, '1 day'));
  expect(mistake?.error).toBe("A step's name must be text of 1 to 200 characters, without NUL or half an emoji.");
});

it('an endless loop of steps', async () => {
  const mistake = await mistakeIn(async (j) => {
    for (let index = 0; ; index++) await j.award(`prize ${index}`, { points: 1 });
  });
  expect(mistake?.error).toBe('More than 10000 steps: the journey is in a loop.');
});

it('an invalid duration or time of day, reported with the step', async () => {
  expect(await mistakeIn((j) => j.sleep('long', 'soon' as '1 day'))).toMatchObject({ step: 'long' });
  expect(await mistakeIn((j) => j.sleepUntil('night', { at: '25:00' }))).toMatchObject({ step: 'night' });
});

it('the outline finds them before anyone enters', async () => {
  const mistaken = journey('mistaken', { enter: signedUp }, async (j) => {
    if (await j.check('on a free plan', () => true)) await Promise.all([j.sleep('a', '1 day'), j.sleep('b', '1 day')]);
    else await j.sleepUntil('night', { at: '25:00' });
  });
  expect((await outline(mistaken)).errors).toMatchObject([{ step: 'b' }, { step: 'night' }]);
});

it.each<[string, (j: J) => Promise<unknown>, string]>([
  [
    'track of a name',
    (j) => j.track('one', TO, NAME, {}),
    "track: expected one event of the catalogue, not the text 'A'.",
  ],
  [
    'track of a choice',
    (j) => j.track('one', TO, anyOf(projectCreated, signedUp) as never, {}),
    'track: expected one event of the catalogue, not anyOf.',
  ],
  [
    'collect without options',
    (j) => j.collect('one', projectCreated, undefined as never),
    "collect: expected how long to collect, such as { for: '10 minutes' }.",
  ],
  [
    'collect of all of several',
    (j) => j.collect('one', allOf(projectCreated, signedUp) as never, { for: '1 day' }),
    'Expected an event or anyOf, not allOf.',
  ],
  ['a wait for an object', (j) => j.waitFor('one', {} as never), 'Expected an event or anyOf, not another object.'],
  ['a wait for none', (j) => j.waitFor('one', anyOf()), 'anyOf: expected at least one event.'],
  [
    'a pick among nothing',
    (j) => j.pick('one', () => 'a', { among: [] }),
    'pick: `among` is empty. Expected every value that it may pick.',
  ],
  [
    'a pick of a trait that is missing',
    (j) => j.pick('one', ({ user }) => user.traits['plan'] as string, { among: ['pro'] }),
    'pick: picked a value that `among` does not have: undefined. If it reads a trait, the user has none: `traits.ts` has the traits of the example.',
  ],
  [
    'a pick of something else',
    (j) => j.pick('one', () => 4711 as never, { among: ['pro'] }),
    'pick: picked a value that `among` does not have: a number.',
  ],
])('%s is an error that says what was expected', async (_what, call, error) => {
  expect(await mistakeIn((j) => call(j).then(() => undefined))).toMatchObject({ error });
});

it('the test kit refuses to track what is no single event', async () => {
  const ada = traveller(journey('mistaken', { enter: signedUp }, async () => Promise.resolve()));
  await expect(ada.track(NAME, {})).rejects.toThrow("track: expected one event of the catalogue, not the text 'A'.");
  await expect(ada.track(anyOf(signedUp) as never, {})).rejects.toThrow('not anyOf.');
});

it('a filter that says nothing, a date without a time, and an exit that is no list are refused when they are declared', () => {
  expect(() => signedUp.where(undefined as never)).toThrow(
    "where: expected what properties must be, such as { plan: 'pro' }",
  );
  expect(() => signedUp.where({})).toThrow('where: expected what properties must be');
  expect(() => signedUp.where({ plan: [] })).toThrow(
    "where: 'plan' has an empty list. Expected a value, or one or more",
  );
  expect(() => yearly(trait('birthday'), undefined as never)).toThrow(
    "yearly: expected the local time, such as { at: '10:00' }.",
  );
  const leaving = (exit: unknown): Journey =>
    journey('leaving', { enter: signedUp, exit: exit as never }, async () => Promise.resolve());
  expect(() => leaving(signedUp)).toThrow('leaving, exit: expected a list of events, such as [unsubscribed].');
  expect(() => leaving([allOf(signedUp, projectCreated)])).toThrow('Expected an event or anyOf, not allOf.');
});
