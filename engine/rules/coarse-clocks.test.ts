import fc from 'fast-check';
import { journey, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import type { Definitions } from '../definitions/definitions';
import { compile } from '../outline/compile';
import type { UserEvent } from '../model/state';
import { MemoryHost } from '../testing/memory-host';
import { PrunedHistoryHost } from '../testing/pruned-history-host';
import {
  accountDeleted,
  projectCreated,
  signedUp,
  teammateInvited,
  unrestrained,
} from '../testing/properties/catalogue';
import { StoredUser } from '../testing/properties/stored-user';

const NOON = Date.parse('2026-01-05T12:00:00Z');
const ADA = { id: 'ada', traits: {}, reachable: ['email'], createdAt: NOON } as const;
const YEAR = 365 * 86_400_000;

type Sent = Omit<UserEvent, 'pending'>;
const sent = (id: number, { name }: { readonly name: string }, at: number, receivedAt: number): Sent => ({
  id: String(id),
  name,
  at: NOON + at,
  receivedAt: NOON + receivedAt,
  properties: {},
});

const onboarding = journey('onboarding', { enter: signedUp, goal: { event: projectCreated } }, async (j) => {
  const project = await j.waitFor('first project', projectCreated, { within: '2 days' });
  if (!project) await j.send('nudge', { email: 'nudge' });
});
const stages = lifecycle({
  initial: 'visitor',
  rules: [
    { from: ['visitor'], to: 'onboarding', on: signedUp },
    { from: ['onboarding'], to: 'active', on: projectCreated },
    { from: ['active'], to: 'visitor', on: accountDeleted },
  ],
});
const define = (...journeys: Journey[]): Promise<Definitions> =>
  compile({ journeys, lifecycle: stages, ...unrestrained, traits: {} });

/** Lives the requests, and then a year, with the whole history at hand. */
async function live(definitions: Definitions, requests: readonly (readonly Sent[])[]): Promise<MemoryHost> {
  const host = new MemoryHost(ADA, definitions);
  for (const request of requests) await host.take(request, request[0]?.receivedAt ?? 0);
  await host.passUntil(NOON + YEAR);
  return host;
}

describe('a project of a client that cuts times to seconds, created after the sign-up of one that does not', () => {
  it.each([
    ['in one request', [[sent(1, signedUp, 700, 900), sent(2, projectCreated, 0, 900)]]],
    ['in two requests', [[sent(1, signedUp, 700, 900)], [sent(2, projectCreated, 0, 1_400)]]],
  ])('ends the wait, is the goal, and changes the stage: %s', async (_, requests) => {
    const { messages, ended, stageChanges } = await live(await define(onboarding), requests);
    expect([...messages]).toEqual([]);
    expect(ended).toMatchObject([{ goalAt: NOON, journal: [{ reason: 'Project Created' }] }]);
    expect(stageChanges.map(({ to }) => to)).toEqual(['onboarding', 'active']);
  });

  it('ends the wait and is the goal although it was received first', async () => {
    const requests = [[sent(1, projectCreated, 0, 800)], [sent(2, signedUp, 700, 900)]];
    expect((await live(await define(onboarding), requests)).ended).toMatchObject([{ goalAt: NOON }]);
  });

  it.each([
    ['with milliseconds', 699, 1_400],
    ['of another second', -1_000, 1_400],
    ['received before the sign-up', 0, 699],
  ])('and an earlier one %s does not count', async (_, at, receivedAt) => {
    const requests = [[sent(1, signedUp, 700, 1_500)], [sent(2, projectCreated, at, receivedAt)]];
    const { ended } = await live(await define(onboarding), requests);
    expect(ended).toMatchObject([{ goalAt: null, journal: [{ reason: 'timeout' }, {}] }]);
  });
});

it('a stage goes by the order of receipt where times of whole seconds leave the order open', async () => {
  const requests = [
    [sent(1, signedUp, -60_000, 0)],
    [sent(2, projectCreated, 1_000, 1_600)],
    [sent(3, accountDeleted, 1_700, 1_800)],
    [sent(4, signedUp, 1_000, 1_900)],
  ];
  const { stageChanges } = await live(await define(), requests);
  expect(stageChanges.map(({ to }) => to)).toEqual(['onboarding', 'active', 'visitor', 'onboarding']);
});

it('activity counts from the second in which it is awaited', async () => {
  const requests = [[sent(1, signedUp, 0, 400)], [sent(2, teammateInvited, 0, 600)]];
  const waiting = journey('waiting', { enter: signedUp }, async (j) => {
    await j.waitFor('anything', { kind: 'event', name: '*', schema: null, example: {} }, { since: 'now' });
  });
  expect((await live(await define(waiting), requests)).ended).toHaveLength(1);
});

const NAMES = [signedUp, projectCreated, teammateInvited, accountDeleted];
/** Lives within a few seconds, in requests of one or more events. */
const lives = fc
  .array(
    fc.record({
      event: fc.constantFrom(...NAMES),
      at: fc.integer({ min: 1, max: 3_000 }),
      late: fc.integer({ min: 0, max: 1_500 }),
      cut: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((list) => [{ event: signedUp, at: 0, late: 700, cut: false }, ...list])
  .map((list) => list.map((one) => ({ ...one, receivedAt: one.at + one.late })))
  .map((list) => list.sort((a, b) => a.receivedAt - b.receivedAt).map((one, index) => ({ ...one, id: index + 1 })));

type Life = typeof lives extends fc.Arbitrary<infer L> ? L : never;
const asSent = (life: Life, isCut: boolean): Sent[] =>
  life.map(({ id, event, at, receivedAt, cut }) => {
    const time = NOON + 137 + at;
    return { ...sent(id, event, 0, receivedAt + 137), at: isCut && cut && id > 1 ? time - (time % 1_000) : time };
  });

const waits = journey('waits', { enter: signedUp, goal: { event: projectCreated } }, async (j) => {
  await j.waitFor('project', projectCreated, { within: '1 day' });
  await j.waitFor('team', teammateInvited, { within: '1 day' });
});
const answersOf = ({ runs }: Pick<MemoryHost, 'runs'>): string[] =>
  runs.flatMap(({ journal, goalAt }) => [
    ...journal.filter(({ reason }) => reason !== 'timeout').map(({ step }) => step),
    ...(goalAt === null ? [] : ['goal']),
  ]);

it('cutting the times of any events to seconds loses no answer of a wait and no goal', async () => {
  const definitions = await define(waits);
  await fc.assert(
    fc.asyncProperty(lives, async (life) => {
      const exact = await live(
        definitions,
        asSent(life, false).map((one) => [one]),
      );
      const cut = await live(
        definitions,
        asSent(life, true).map((one) => [one]),
      );
      expect(answersOf(cut)).toEqual(expect.arrayContaining(answersOf(exact)));
    }),
    { numRuns: 300 },
  );
});

it('a limited history has every event that a cut time may let count', async () => {
  const definitions = await define(waits);
  await fc.assert(
    fc.asyncProperty(lives, async (life) => {
      const requests = asSent(life, true);
      const whole = await live(
        definitions,
        requests.map((one) => [one]),
      );
      const stored = new StoredUser(ADA, definitions, { pending: 'awaited', history: 'limited' });
      const pruned = new PrunedHistoryHost(ADA, definitions, () => undefined);
      for (const one of requests) {
        await stored.passUntil(one.receivedAt - 1);
        await stored.receive(one);
        await pruned.take([one], one.receivedAt);
      }
      await stored.passUntil(NOON + YEAR);
      await pruned.passUntil(NOON + YEAR);
      expect(answersOf(stored)).toEqual(answersOf(whole));
      expect(answersOf(pruned)).toEqual(answersOf(whole));
    }),
    { numRuns: 300 },
  );
});

it('one request decides the same stage and answers as one request for each event in the same order', async () => {
  const definitions = await define(onboarding);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 299 }), fc.boolean(), async (later, cut) => {
      const project = (receivedAt: number): Sent =>
        cut ? sent(2, projectCreated, 0, receivedAt) : sent(2, projectCreated, 700 + later, receivedAt);
      const one = await live(definitions, [[sent(1, signedUp, 700, 2_000), project(2_000)]]);
      const two = await live(definitions, [[sent(1, signedUp, 700, 2_000)], [project(2_001)]]);
      expect(answersOf(one)).toEqual(answersOf(two));
      expect(one.stageChanges.map(({ to }) => to)).toEqual(two.stageChanges.map(({ to }) => to));
    }),
  );
});
