import fc from 'fast-check';
import { z } from 'zod';
import { event } from '../authoring/event';
import { journey, type Journey, type JourneyOptions, type Reenter } from '../authoring/journey';
import { toMs, type Duration } from '../model/duration';
import { BEGIN, defineJourneys, type Deed } from '../testing/properties/random-life';
import { StoredUser, type Keeping } from '../testing/properties/stored-user';
import { signedUp } from '../testing/properties/catalogue';
import { MemoryHost, type MemoryUser } from '../testing/memory-host';
import { traveller, type Traveller } from '../testing/traveller';
import { ENTER } from '../user/commands';
import { every, inactivity } from '../user/triggers';

/** An exit may say that the entry does not count for `reenter`; see `docs/semantics.md`. */

const ADA: MemoryUser = { id: 'ada', traits: {}, reachable: [], createdAt: BEGIN };

const asked = event('Asked', z.object({ key: z.string(), new: z.boolean() }), { key: 'x', new: true });

/** Says what is new, and otherwise ends without using up the entry. */
const news = (options: Partial<JourneyOptions<typeof asked>> = {}): Journey =>
  journey('news', { enter: asked, ...options }, async (j) => {
    if (!(await j.check('something is new', () => j.event.properties.new)))
      return j.exit('nothing new', { uncounted: true });
    await j.award('told', { points: 1 });
  });

async function ask(ada: Traveller, ...answers: readonly boolean[]): Promise<number> {
  for (const isNew of answers) {
    await ada.track(asked, { key: 'x', new: isNew });
    await ada.forward('1 hour');
  }
  return ada.profile.points;
}

it('lets the user enter again, as if they had not entered', async () => {
  const ada = traveller(news({ reenter: 'never' }));
  expect(await ask(ada, false, false)).toBe(0);
  expect(ada.runs).toMatchObject([
    { status: 'exited', reason: 'nothing new', uncounted: true },
    { status: 'exited', reason: 'nothing new', uncounted: true },
  ]);
  expect(await ask(ada, true, true)).toBe(1);
});

it('an exit without the option uses up the entry, with a reason as text or as an option', async () => {
  for (const given of [undefined, 'why', { reason: 'why' }, { reason: 'why', uncounted: false }]) {
    const ending = journey('ending', { enter: asked }, (j) => j.exit('why', given));
    const ada = traveller(ending);
    await ask(ada, true, true);
    expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'why' }]);
    expect(ada.runs[0]).not.toHaveProperty('uncounted');
  }
});

it('the span of `reenter` counts from the last entry that counts', async () => {
  const ada = traveller(news({ reenter: { after: '2 days' } }));
  expect(await ask(ada, true)).toBe(1);
  await ada.forward('2 days');
  expect(await ask(ada, false)).toBe(1);
  await ada.forward('1 hour');
  expect(await ask(ada, true, true)).toBe(2);
});

it('a day of the calendar that had nothing to say does not hold up the next one', async () => {
  const digest = journey('digest', { enter: every({ at: '09:00' }), reenter: { after: '30 days' } }, async (j) => {
    if (await j.check('too early', ({ now }) => now < Date.parse('2026-01-09T00:00:00Z')))
      return j.exit('not yet', { uncounted: true });
    await j.award('told', { points: 1 });
  });
  const ada = traveller(digest, { at: '2026-01-05T12:00:00Z' });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forwardTo('2026-02-07T12:00:00Z');
  expect(ada.runs.map(({ uncounted }) => uncounted ?? false)).toEqual([true, true, true, false]);
  await ada.forwardTo('2026-02-08T12:00:00Z');
  expect(ada.profile.points).toBe(2);
});

it('a silence still lets the user enter once, and the next one again', async () => {
  const miss = journey('miss', { enter: inactivity('2 days') }, (j) => j.exit('not now', { uncounted: true }));
  const ada = traveller(miss);
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('30 days');
  expect(ada.runs).toHaveLength(1);
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('30 days');
  expect(ada.runs).toHaveLength(2);
});

it('an entry by hand that does not count leaves the entry before it as it was', async () => {
  const ada = new MemoryHost(ADA, await defineJourneys([news({ reenter: 'never' })]));
  await ada.receive(asked.name, { key: 'x', new: true }, BEGIN);
  await ada.receive(`${ENTER}news`, { key: 'x', new: false }, BEGIN + 1);
  await ada.receive(asked.name, { key: 'x', new: true }, BEGIN + 2);
  expect(ada.runs.map(({ uncounted }) => uncounted ?? false)).toEqual([false, true]);
});

it('an edit concerns the runs that reach the exit from then on', async () => {
  const ending = (uncounted: boolean): Journey =>
    journey('ending', { enter: asked }, (j) => j.exit('why', { uncounted }));
  const ada = traveller(ending(false));
  await ask(ada, true);
  await ada.deploy(ending(true));
  await ask(ada, true);
  expect(ada.runs).toHaveLength(1);
  const bob = traveller(ending(true), { id: 'bob' });
  await ask(bob, true);
  await bob.deploy(ending(false));
  await ask(bob, true, true);
  expect(bob.runs.map(({ uncounted }) => uncounted ?? false)).toEqual([true, false]);
});

/** Which of the events let the user enter: those that `reenter` allows after the last entry that counted, for each key. */
function expected(events: readonly Deed[], reenter: Reenter, keyed: boolean): string[] {
  const last = new Map<unknown, number>();
  return events.flatMap(({ id, receivedAt, properties }) => {
    const key = keyed ? properties['key'] : null;
    const before = last.get(key);
    const span = typeof reenter === 'object' ? toMs(reenter.after) : reenter === 'never' ? Infinity : 0;
    if (before !== undefined && receivedAt - before < span) return [];
    if (properties['new'] === true) last.set(key, receivedAt);
    return [id];
  });
}

it('exactly those enter whom the entries that count allow, whenever and however often the engine advances', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ hours: fc.nat(60), key: fc.constantFrom('x', 'y'), new: fc.boolean() }), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.constantFrom<Reenter>('never', 'always', 'restart', { after: '2 days' }, { after: '1 hour' as Duration }),
      fc.boolean(),
      fc.constantFrom<Keeping>(
        { pending: 'all', history: 'complete' },
        { pending: 'awaited', history: 'limited' },
        { pending: 'awaited strictly', history: 'limited' },
        { pending: 'all', history: 'limited', atOnce: 2 },
      ),
      fc.nat(4),
      async (list, reenter, keyed, keeping, late) => {
        const key = keyed
          ? ((({ properties }) => properties.key) satisfies JourneyOptions<typeof asked>['key'])
          : undefined;
        const definitions = await defineJourneys([news({ reenter, key })]);
        const user = new StoredUser(ADA, definitions, keeping);
        let at = BEGIN;
        const events = list.map(({ hours, ...properties }, n): Deed => {
          at += hours * 3_600_000 + n + 1;
          return { id: String(n + 1), name: asked.name, at, receivedAt: at, properties };
        });
        for (const [n, one] of events.entries()) {
          if (user.store(one) && n % (late + 1) === 0) await user.advance(one.receivedAt);
        }
        await user.advance(at);
        await user.advance(at + 1);
        const entered = user.runs.map(({ trigger }) => trigger.id);
        expect(entered.sort()).toEqual(expected(events, reenter, keyed).sort());
      },
    ),
    { numRuns: 300 },
  ));
