import { compile } from '../outline/compile';
import fc from 'fast-check';
import { projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import type { Plan } from '../testing/properties/plan';
import { apply, edits } from '../testing/properties/random-edit';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { deeds, define, moments, policies, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { type Definitions } from '../definitions/definitions';
import { journey, type Steps } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost } from '../testing/memory-host';
import { policy, type Policy } from '../policy/define';
import type { Message, Run } from '../model/state';
import { advance } from '../advance/advance';
import { InFlightCount, type InFlightSummary } from './in-flight';
import { manual } from '../user/triggers';
import { outlook } from './outlook';

const ANYTHING: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle', 'upgraded'],
};

it('for any journey, life and edit, the preview matches what the engine then does', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(plans('first', ANYTHING), plans('second', ANYTHING)),
      fc.array(edits(ANYTHING), { minLength: 1, maxLength: 3 }),
      deeds(),
      moments,
      users,
      policies,
      async (before, changes, life, at, person, limits) => {
        const after = changes.reduce<readonly Plan[]>(
          (old, edit, count) => old.map((plan) => apply(plan, edit, count)),
          before,
        );
        const user = new StoredUser(person, await define(before, { policy: limits }), {
          pending: 'awaited',
          history: 'limited',
        });
        for (const event of life.filter(({ receivedAt }) => receivedAt < at)) {
          await user.passUntil(event.receivedAt - 1);
          await user.receive(event);
        }
        await user.passUntil(at - 1);

        const edited = await define(after, { policy: limits });
        const peeked = await user.peek(at, edited);
        const count = new InFlightCount();
        count.add('ada', outlook(peeked.before, peeked.advanced, edited, at));

        const runs = new Map(user.runs.map((run) => [run.id, run]));
        const messages = new Map(user.messages);
        user.definitions = edited;
        await user.advanceOnce(at);
        expect(observable(count.summary())).toEqual(observed({ runs, messages }, user, at));
      },
    ),
    { numRuns: 300 },
  ));

/** The part of a summary that can also be told from the stored state before and after. */
function observable({ totals, byHour, rows }: InFlightSummary): object {
  const { stays, moves, ends, parked, enters, released, skips } = totals;
  const places = rows.flatMap(({ change, journey, to, count }) =>
    change === 'stays' || change === 'moves' ? Array.from({ length: count }, () => `${journey}: ${to ?? ''}`) : [],
  );
  return { inside: stays + moves, ends, parked, enters, released, skips, byHour, places: places.sort() };
}

function observed(
  before: { readonly runs: ReadonlyMap<string, Run>; readonly messages: ReadonlyMap<string, Message> },
  user: StoredUser,
  now: number,
): object {
  const open = user.runs.filter(({ id }) => before.runs.get(id)?.endedAt === null);
  const inside = open.filter(({ status }) => status === 'active');
  const entered = user.runs.filter(({ id }) => !before.runs.has(id));
  const waiting = (run: Run | undefined, step: string): number | null | undefined =>
    run?.journal.find((record) => record.step === step && record.status === 'waiting')?.until;
  const released = [...user.messages.values()].flatMap((message) => {
    const run = user.runs.find(({ id }) => id === message.runId);
    if (message.status === 'queued') return before.messages.get(message.id)?.status === 'queued' ? [] : [now];
    if (message.status !== 'held') return [];
    const until = waiting(run, message.step);
    return waiting(before.runs.get(message.runId), message.step) === until ? [] : [until ?? now];
  });
  const hours = new Map<number, number>();
  for (const at of released) hours.set(at - (at % 3_600_000), (hours.get(at - (at % 3_600_000)) ?? 0) + 1);
  const isSkip = (record: Run['journal'][number]): boolean => record.reason === 'behind the position';
  const stepsBefore = (run: Run): string[] => before.runs.get(run.id)?.journal.map(({ step }) => step) ?? [];
  return {
    inside: inside.length,
    ends: open.filter(({ endedAt }) => endedAt !== null).length,
    parked: user.runs.filter(({ status }) => status === 'failed').length,
    enters: entered.filter(({ status }) => status !== 'failed').length,
    released: released.length,
    skips: user.runs
      .filter(({ id }) => before.runs.get(id)?.endedAt !== undefined || !before.runs.has(id))
      .flatMap((run) => run.journal.filter((record) => isSkip(record) && !stepsBefore(run).includes(record.step)))
      .length,
    byHour: [...hours].sort(([a], [b]) => a - b).map(([hour, count]) => ({ hour, count })),
    places: inside
      .map((run) => `${run.journey}: ${run.journal.find(({ status }) => status === 'waiting')?.step ?? ''}`)
      .sort(),
  };
}

type Step = (j: Steps) => Promise<unknown>;
const NOON = Date.parse('2026-01-05T12:00:00Z');
const DAY = 86_400_000;

const trial = (steps: readonly Step[], limits: Policy = unrestrained.policy): Promise<Definitions> =>
  compile({
    journeys: [
      journey('trial', { enter: signedUp }, async (j) => {
        for (const step of steps) await step(j);
      }),
      journey('course', { enter: manual() }, (j) => j.sleep('a day', '1 day')),
    ],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: limits,
    traits: {},
  });

const mail =
  (name: string): Step =>
  (j) =>
    j.send(name, { email: name });
const week: Step = (j) => j.sleep('a week', '7 days');

/** Previews an edit from the first steps to the second, for a user three days into the first. */
async function preview(before: readonly Step[], after: readonly Step[], limits?: Policy): Promise<InFlightSummary> {
  const host = new MemoryHost({ id: 'ada', traits: {}, reachable: ['email'], createdAt: NOON }, await trial(before));
  await host.receive('Signed Up', { plan: 'free' }, NOON);
  const now = NOON + 3 * DAY;
  const edited = await trial(after, limits);
  const advanced = await advance(host.state, now, edited);
  if (advanced.kind === 'missing history') throw new Error('Expected the engine to find all history in memory.');
  const count = new InFlightCount();
  count.add('ada', outlook(host.state, advanced, edited, now));
  return count.summary();
}

it('without an edit, every run stays', async () => {
  const { totals, rows } = await preview([week, mail('bye')], [week, mail('bye')]);
  expect(rows).toEqual([
    { journey: 'trial', change: 'stays', step: 'a week', to: 'a week', why: '', count: 1, samples: ['ada'] },
  ]);
  expect(totals).toMatchObject({ stays: 1, moves: 0, released: 0 });
});

it('a shortened wait that is overdue releases the messages after it now', async () => {
  const { totals, rows, byHour } = await preview(
    [week, mail('bye'), week],
    [(j) => j.sleep('a week', '2 days'), mail('bye'), (j) => j.waitFor('forever', projectCreated)],
  );
  expect(rows).toMatchObject([
    { change: 'moves', step: 'a week', to: 'forever', why: 'its wait is overdue under the new code' },
    { change: 'released', step: 'bye', to: 'email', why: 'allowed' },
  ]);
  expect(totals).toMatchObject({ moves: 1, released: 1 });
  expect(byHour).toEqual([{ hour: NOON + 3 * DAY, count: 1 }]);
});

it('messages held by quiet hours are released when these end', async () => {
  const quietUntilEvening = policy({ quietHours: { from: '11:00', to: '18:00' } });
  const { totals, byHour } = await preview([week, mail('bye')], [mail('bye')], quietUntilEvening);
  expect(totals).toMatchObject({ moves: 1, released: 1 });
  expect(byHour).toEqual([{ hour: NOON + 3 * DAY + 6 * 3_600_000, count: 1 }]);
});

it('a message that stays held until the same moment is not released by the edit', async () => {
  const quiet = policy({ quietHours: { from: '11:00', to: '10:00' } });
  const host = new MemoryHost(
    { id: 'ada', traits: {}, reachable: ['email'], createdAt: NOON },
    await trial([mail('hi')], quiet),
  );
  await host.receive('Signed Up', { plan: 'free' }, NOON);
  const edited = await trial([mail('hi'), mail('bye')], quiet);
  const advanced = await advance(host.state, NOON + 3_600_000, edited);
  if (advanced.kind === 'missing history') throw new Error('Expected the engine to find all history in memory.');
  expect(outlook(host.state, advanced, edited, NOON + 3_600_000)).toMatchObject([{ fate: 'stays', messages: [] }]);
});

it.each<[string, readonly Step[], object]>([
  ['a step that is removed', [mail('bye')], { change: 'ends', why: 'completed: finished' }],
  ['a wait that is longer', [(j) => j.sleep('a week', '9 days')], { change: 'stays', why: 'later' }],
  ['a wait that is shorter', [(j) => j.sleep('a week', '4 days')], { change: 'stays', why: 'sooner' }],
  ['code that throws', [() => Promise.reject(new Error('broken'))], { change: 'parked', why: 'broken' }],
])('a run in %s is reported', async (_, after, row) => {
  expect((await preview([week], after)).rows).toContainEqual(expect.objectContaining(row));
});

it('new steps behind the position are reported as skipped', async () => {
  const { rows, totals } = await preview([week], [mail('hello'), week]);
  expect(rows).toContainEqual(expect.objectContaining({ change: 'skips', step: 'hello', count: 1 }));
  expect(totals).toMatchObject({ stays: 1, skips: 1, released: 0 });
});

it('a journey that an edit starts is reported with who started it', async () => {
  const { rows, totals } = await preview(
    [week],
    [(j) => j.sleep('a week', '2 days'), (j) => j.start('give', 'course')],
  );
  expect(rows).toContainEqual(
    expect.objectContaining({ journey: 'course', change: 'enters', to: 'a day', why: 'started by trial' }),
  );
  expect(totals).toMatchObject({ enters: 1, ends: 1 });
});
