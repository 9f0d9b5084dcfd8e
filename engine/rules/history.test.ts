import fc from 'fast-check';
import { journey, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { compile } from '../outline/compile';
import { importHistory } from '../testing/imported-history';
import { PrunedHistoryHost } from '../testing/pruned-history-host';
import { accountDeleted, projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, moments, policies, users, type Deed } from '../testing/properties/random-life';
import { StoredUser, type Keeping } from '../testing/properties/stored-user';
import { traveller } from '../testing/traveller';
import { before, every, inactivity, milestone, stage } from '../user/triggers';
import { trait } from '../model/trait-time';

/** Imported history: docs/semantics.md, "Imported history". */

const stages = lifecycle({
  initial: 'new',
  rules: [
    { from: ['new', 'dormant'], to: 'active', on: projectCreated },
    { from: ['new', 'active'], to: 'dormant', inactive: '14 days' },
  ],
});
const rules = { with: { ...unrestrained, lifecycle: stages } };
const mailing = (id: string, enter: Parameters<typeof journey>[1]['enter']): Journey =>
  journey(id, { enter }, async (j) => {
    await j.send('mail', { email: 'mail' });
  });

it('an imported event lets nobody enter, however fresh it is, and a later one does', async () => {
  const ada = traveller(mailing('welcome', signedUp), rules);
  await ada.import(signedUp, { plan: 'free' }, { ago: '1 minute' });
  await ada.forward('60 days');
  expect(ada.messages).toEqual([]);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.messages).toHaveLength(1);
});

it('a milestone counts what was imported, and lets nobody enter by it', async () => {
  const ada = traveller(mailing('projects', milestone(projectCreated, [2, 4])), rules);
  for (const ago of ['3 days', '2 days', '1 day'] as const) await ada.import(projectCreated, { name: 'A' }, { ago });
  await ada.forward('1 day');
  expect(ada.messages).toEqual([]);
  await ada.track(projectCreated, { name: 'B' });
  expect(ada.runs).toMatchObject([{ trigger: { properties: { count: 4 } } }]);
});

it('a narrowed milestone counts what was imported', async () => {
  const big = projectCreated.where({ name: 'Ark' });
  const ada = traveller(mailing('arks', milestone(big, [3])), rules);
  await ada.track(projectCreated, { name: 'Ark' });
  await ada.import(projectCreated, { name: 'Ark' }, { ago: '3 days' });
  await ada.import(projectCreated, { name: 'Raft' }, { ago: '2 days' });
  await ada.track(projectCreated, { name: 'Ark' });
  expect(ada.runs).toHaveLength(1);
});

it('a stage is set by what was imported, and nobody enters by it', async () => {
  const ada = traveller([mailing('activated', stage('active')), mailing('back', signedUp)], rules);
  await ada.import(projectCreated, { name: 'A' }, { ago: '3 days' });
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.stage).toBe('active');
  expect(ada.runs).toMatchObject([{ journey: 'back' }]);
});

it.each([
  ['a silence', inactivity('14 days')],
  ['a stage by silence', stage('dormant')],
])('%s that was over at the import lets nobody enter, and the next one does', async (_, enter) => {
  const ada = traveller(mailing('come-back', enter), rules);
  await ada.import(projectCreated, { name: 'A' }, { ago: '15 days' });
  // An edit makes the engine look at her. Without one it has no reason to, until she is active.
  await ada.deploy([mailing('come-back', enter), mailing('welcome', signedUp)]);
  expect(ada.stage).toBe('dormant');
  await ada.forward('30 days');
  expect(ada.messages).toEqual([]);
  await ada.track(projectCreated, { name: 'B' });
  await ada.forward('13 days');
  expect(ada.messages).toEqual([]);
  await ada.forward('1 day');
  expect(ada.messages).toHaveLength(1);
});

it.each([
  ['a silence', inactivity('14 days')],
  ['a stage by silence', stage('dormant')],
])('%s that began before the import and ends after it lets the user enter then', async (_, enter) => {
  const ada = traveller(mailing('come-back', enter), rules);
  await ada.import(projectCreated, { name: 'A' }, { ago: '10 days' });
  await ada.forward('3 days');
  expect(ada.messages).toEqual([]);
  await ada.forward('1 day');
  expect(ada.messages).toHaveLength(1);
});

it('a run in progress sees what was imported when it is next looked at: a wait, and an exit', async () => {
  const waiting = journey('waiting', { enter: signedUp, exit: [accountDeleted] }, async (j) => {
    const project = await j.waitFor('project', projectCreated, { within: '10 days' });
    await j.send(project ? 'congratulation' : 'nudge', { email: 'mail' });
    await j.sleep('a while', '10 days');
    await j.send('farewell', { email: 'mail' });
  });
  const ada = traveller(waiting, rules);
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('9 days');
  await ada.import(projectCreated, { name: 'A' }, { ago: '1 day' });
  expect(ada.messages).toEqual([]);
  await ada.forward('1 day');
  expect(ada.messages).toMatchObject([{ step: 'congratulation' }]);
  await ada.import(accountDeleted, {}, { ago: '1 day' });
  await ada.forward('20 days');
  expect(ada.messages).toHaveLength(1);
  expect(ada.runs).toMatchObject([{ status: 'exited' }]);
});

it('the calendar and dates let in whoever was imported, from the import on', async () => {
  const journeys = [
    mailing('weekly', every({ weekday: 5, at: '17:00' })),
    mailing('trial-ends', before(trait('trialEndsAt'), '3 days')),
  ];
  const definitions = await compile({ journeys, ...rules.with, traits: {} });
  const traits = { trialEndsAt: '2026-11-12T10:00:00Z' };
  const now = Date.parse('2026-11-02T10:00:00Z');
  const host = new PrunedHistoryHost(
    { id: 'ada', traits, reachable: ['email'], createdAt: now },
    definitions,
    () => undefined,
  );
  importHistory(host, [{ id: '1', name: 'Identify', at: now - 1_000, properties: traits, active: false }], now);
  await host.passUntil(now + 12 * 86_400_000);
  expect(host.runs.map(({ journey: id, enteredAt }) => [id, new Date(enteredAt).toISOString()])).toEqual([
    ['weekly', '2026-11-06T17:00:00.000Z'],
    ['trial-ends', '2026-11-09T10:00:00.000Z'],
  ]);
});

const EVERYTHING: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle', 'upgraded'],
};
const SERVER: Keeping = { pending: 'awaited', history: 'limited' };
const YEAR = 365 * 86_400_000;
const journeys = fc.tuple(plans('first', EVERYTHING), plans('second', EVERYTHING), plans('third', EVERYTHING));

it('whoever is imported whole enters by nothing that was imported, and by no time that was over', () =>
  fc.assert(
    fc.asyncProperty(journeys, deeds(), users, policies, moments, async (three, life, person, policy, look) => {
      const user = new StoredUser(person, await define(three, { policy }), SERVER);
      for (const deed of life) importHistory(user, [deed], deed.receivedAt);
      const imported = Math.max(...life.map(({ receivedAt }) => receivedAt));
      const ids = new Set(life.map(({ id }) => id));
      await user.advance(imported + 1);
      expect([user.runs, [...user.messages.values()], [...user.tracked.values()], [...user.chats.values()]]).toEqual([
        [],
        [],
        [],
        [],
      ]);
      await user.passUntil(Math.max(look, imported));
      await user.advance(BEGIN + YEAR);
      const byHistory = user.runs.filter(
        (run) =>
          run.enteredAt <= imported || ids.has(run.trigger.id) || (run.cause !== undefined && ids.has(run.cause)),
      );
      expect(byHistory).toEqual([]);
    }),
    { numRuns: 40 },
  ));

/** Lives a life of which some is imported, with further calls of `advance`. */
async function live(user: StoredUser, life: readonly Deed[], imported: readonly boolean[]): Promise<object> {
  for (const [index, deed] of life.entries()) {
    await user.passUntil(deed.receivedAt - 1);
    if (imported[index]) importHistory(user, [deed], deed.receivedAt);
    else await user.receive(deed);
  }
  await user.passUntil(BEGIN + YEAR);
  await user.advance(BEGIN + YEAR);
  return user.outcome;
}

it('loading a limited history, and waking only for awaited events, does not change what is decided', () =>
  fc.assert(
    fc.asyncProperty(
      journeys,
      deeds(),
      fc.array(fc.boolean(), { minLength: 17, maxLength: 17 }),
      users,
      policies,
      async (three, life, imported, person, policy) => {
        const definitions = await define(three, { policy });
        const complete = await live(
          new StoredUser(person, definitions, { ...SERVER, history: 'complete' }),
          life,
          imported,
        );
        const limited = await live(new StoredUser(person, definitions, SERVER), life, imported);
        expect(limited).toEqual(complete);
      },
    ),
    { numRuns: 40 },
  ));
