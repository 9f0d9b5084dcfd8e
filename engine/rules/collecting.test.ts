import fc from 'fast-check';
import { z } from 'zod';
import { event } from '../authoring/event';
import { journey, type CollectOptions, type Journey } from '../authoring/journey';
import { explore } from '../explore';
import { mistakesIn } from '../json/mistakes';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { signedUp } from '../testing/properties/catalogue';
import { PrunedHistoryHost } from '../testing/pruned-history-host';
import { compile } from '../outline/compile';
import { lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';
import { traveller, type Traveller } from '../testing/traveller';

/** Collecting events; see `docs/semantics.md`. */

const liked = event('Liked', z.object({ by: z.string() }), { by: 'bob' });

const digest = (options: CollectOptions, enter: typeof signedUp | typeof liked = signedUp): Journey =>
  journey('digest', { enter }, async (j) => {
    const likes = await j.collect('likes', liked, options);
    await j.set('who', { who: likes.map(({ properties }) => properties.by) });
  });

async function entered(options: CollectOptions): Promise<Traveller> {
  const ada = traveller(digest(options));
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

const who = (ada: Traveller): unknown => ada.profile.traits['who'];

it('collects from the first event on, for a while', async () => {
  const ada = await entered({ for: '1 hour' });
  await ada.forward('3 days');
  await ada.track(liked, { by: 'bob' });
  await ada.forward('30 minutes');
  await ada.track(liked, { by: 'cleo' });
  await ada.forward('29 minutes');
  expect(who(ada)).toBeUndefined();
  await ada.forward('1 minute');
  expect(who(ada)).toEqual(['bob', 'cleo']);
});

it('ends with the last event, if there is a most', async () => {
  const ada = await entered({ for: '1 hour', atMost: 2 });
  for (const by of ['bob', 'cleo', 'dan']) await ada.track(liked, { by });
  expect(who(ada)).toEqual(['bob', 'cleo']);
});

it('is over without an event if the first does not come in time', async () => {
  const ada = await entered({ for: '1 hour', within: '2 days' });
  await ada.forward('2 days');
  expect(who(ada)).toEqual([]);
});

it('counts the entering event, and what came before the step, from when the step is entered', async () => {
  const ada = traveller(digest({ for: '1 hour' }, liked));
  await ada.track(liked, { by: 'bob' });
  await ada.forward('1 hour');
  expect(who(ada)).toEqual(['bob']);
  const late = traveller(
    journey('late', { enter: signedUp }, async (j) => {
      await j.sleep('a day', '1 day');
      const likes = await j.collect('likes', liked, { for: '1 hour' });
      await j.set('who', { who: likes.length });
    }),
  );
  await late.track(signedUp, { plan: 'free' });
  await late.track(liked, { by: 'bob' });
  await late.forward('24 hours');
  await late.track(liked, { by: 'cleo' });
  await late.forward('1 hour');
  expect(who(late)).toBe(2);
});

it('takes what has come by now, and waits for nothing, if it may take no time', async () => {
  const now = { for: '0 seconds', within: '0 seconds' } as const;
  const line = journey('line', { enter: signedUp }, async (j) => {
    await j.sleep('an hour', '1 hour');
    const taken: unknown[] = [];
    for (const round of [1, 2, 3]) {
      const likes = await j.collect(`round ${round}`, liked, { ...now, atMost: 2 });
      taken.push(likes.map(({ properties }) => properties.by));
    }
    await j.set('who', { who: taken as string[][] });
  });
  const ada = traveller(line);
  await ada.track(signedUp, { plan: 'free' });
  for (const by of ['bob', 'cleo', 'dan']) await ada.track(liked, { by });
  await ada.forward('1 hour');
  expect(who(ada)).toEqual([['bob', 'cleo'], ['dan'], []]);
});

it('takes each event once', async () => {
  const twice = journey('twice', { enter: signedUp }, async (j) => {
    const first = await j.collect('first', liked, { for: '1 hour', atMost: 1 });
    const second = await j.collect('second', liked, { for: '1 hour', atMost: 1 });
    await j.set('who', { who: [...first, ...second].map(({ properties }) => properties.by) });
  });
  const ada = traveller(twice);
  await ada.track(signedUp, { plan: 'free' });
  for (const by of ['bob', 'cleo']) await ada.track(liked, { by });
  expect(who(ada)).toEqual(['bob', 'cleo']);
});

it('refuses a number of events out of range', async () => {
  for (const atMost of [0, 1.5, 101]) {
    const ada = await entered({ for: '1 hour', atMost });
    expect(ada.runs).toMatchObject([{ status: 'failed', reason: expect.stringContaining('from 1 to 100') }]);
  }
});

it('wakes nobody between the first event and the end, unless there is a most', async () => {
  const definitions = await compile({
    journeys: [digest({ for: '1 hour' })],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy(),
    traits: {},
  });
  let advances = 0;
  const user = { id: 'ada', traits: {}, reachable: [], createdAt: 0 };
  const ada = new PrunedHistoryHost(user, definitions, () => advances++);
  await ada.receive('Signed Up', { plan: 'free' }, 0);
  for (let n = 1; n <= 50; n++) await ada.receive('Liked', { by: `${n}` }, n * 1_000);
  expect(advances).toBe(2);
  await ada.passUntil(3_601_000);
  expect(ada.state.traits['who']).toHaveLength(50);
});

it('an edit keeps the start, and a shorter time that is over ends it now', async () => {
  const ada = await entered({ for: '10 hours' });
  await ada.track(liked, { by: 'bob' });
  await ada.forward('2 hours');
  await ada.deploy(digest({ for: '5 hours' }));
  expect(ada.journal).toMatchObject([{ until: ada.now + 3 * 3_600_000 }]);
  await ada.track(liked, { by: 'cleo' });
  await ada.deploy(digest({ for: '1 hour' }));
  expect(who(ada)).toEqual(['bob', 'cleo']);
});

it('collects the same, however late it is decided', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 8 }),
      fc.constantFrom<CollectOptions>(
        { for: '1 hour' },
        { for: '1 hour', atMost: 3 },
        { for: '2 hours', within: '1 hour' },
      ),
      async (seconds, options) => {
        const prompt = await entered(options);
        const late = await entered(options);
        const times = [...seconds].sort((a, b) => a - b);
        for (const [n, at] of times.entries()) {
          await prompt.forwardTo(new Date(Date.parse('2026-01-05T12:00:00Z') + at * 1_000).toISOString());
          await prompt.track(liked, { by: `${n}` });
        }
        await prompt.forwardTo('2026-01-06T12:00:00Z');
        const events = times.map((at, n) => {
          const time = Date.parse('2026-01-05T12:00:00Z') + at * 1_000;
          return { id: `${n + 2}`, name: 'Liked', at: time, receivedAt: time, properties: { by: `${n}` } };
        });
        const { host } = late as unknown as { host: PrunedHistoryHost };
        await host.take(events, Date.parse('2026-01-06T12:00:00Z'));
        await late.forwardTo('2026-01-06T12:00:01Z');
        expect(who(late)).toEqual(who(prompt));
      },
    ),
    { numRuns: 60 },
  ));

it('explore walks none, one and most', async () => {
  const { paths, defects, tree } = await explore(digest({ for: '1 hour', atMost: 3, within: '1 day' }));
  expect({ paths, defects }).toEqual({ paths: 3, defects: [] });
  for (const label of ['none', 'one', 'most']) expect(JSON.stringify(tree)).toContain(`"${label}"`);
});

it('explore tells a number of events out of range, with the step', async () => {
  const { defects } = await explore(digest({ for: '1 hour', atMost: 1_000 }));
  expect(defects[0]).toMatchObject({
    kind: 'error',
    step: 'likes',
    text: 'atMost must be a whole number from 1 to 100.',
  });
});

it('as data, it goes on by whether anything came, and needs an end', async () => {
  const catalogue = new Map([signedUp, liked].map((one) => [one.name, one]));
  const collecting = { kind: 'collect', step: 'likes', events: ['Liked'], for: '1 hour', within: '1 day' };
  const award = (points: number): object[] => [{ kind: 'award', step: `${points}`, points }];
  const parsed = (one: object) =>
    journeyDefinition.parse({ enter: { kind: 'event', event: 'Signed Up' }, steps: [one] });
  const defined = toJourney('digest', parsed({ ...collecting, then: award(1), otherwise: award(10) }), catalogue);
  const [ada, bob] = [traveller(defined), traveller(defined)];
  for (const one of [ada, bob]) await one.track(signedUp, { plan: 'free' });
  await ada.track(liked, { by: 'bob' });
  for (const one of [ada, bob]) await one.forward('2 days');
  expect([ada.profile.points, bob.profile.points]).toEqual([1, 10]);
  expect((await explore(defined)).defects).toEqual([]);
  expect(mistakesIn(parsed({ ...collecting, events: ['*'] }), catalogue)).toMatchObject([
    { path: ['steps', 0, 'events', 0] },
  ]);
  const { within: _, ...endless } = collecting;
  expect(mistakesIn(parsed(endless), catalogue)).toMatchObject([{ path: ['steps', 0] }]);
});
