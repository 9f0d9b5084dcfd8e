import fc from 'fast-check';
import { durations, plans } from '../testing/properties/random-journey';
import { deeds, define, users, BEGIN } from '../testing/properties/random-life';
import { apply, editOf } from '../testing/properties/random-edit';
import { StoredUser } from '../testing/properties/stored-user';
import { toMs } from '../model/duration';
import type { Run, StepRecord } from '../model/state';

/** Rule 2, for edits of a wait's time: a wait keeps its start. */

const MINUTE = 60_000;
const someWait = plans('only', { effects: true, unbounded: true, triggers: ['Start'] }).filter((plan) =>
  /"kind":"(sleep|waitFor)"/.test(JSON.stringify(plan)),
);
const retimings = fc.array(fc.record({ minutes: fc.integer({ min: 0, max: 3 * 24 * 60 }), duration: durations }), {
  minLength: 1,
  maxLength: 4,
  size: 'max',
});

/** The `sleep` and `waitFor` steps a user waits in. */
function waits(user: StoredUser): { run: string; wait: StepRecord }[] {
  const open = user.runs.filter(({ endedAt }) => endedAt === null);
  return open.flatMap(({ id, journal }) =>
    journal
      .filter(({ status, kind }) => status === 'waiting' && (kind === 'sleep' || kind === 'waitFor'))
      .map((wait) => ({ run: id, wait })),
  );
}

function recordIn(runs: readonly Run[], run: string, step: string): StepRecord | undefined {
  return runs.find(({ id }) => id === run)?.journal.find((record) => record.step === step);
}

it('a shortened wait that is overdue ends at once; any other edited wait ends at the new time after its start', () =>
  fc.assert(
    fc.asyncProperty(someWait, deeds(), retimings, users, async (initial, life, edits, person) => {
      let plan = initial;
      let now = BEGIN + 40_000;
      const user = new StoredUser(person, await define([plan]), { pending: 'awaited', history: 'limited' });
      const [first] = life;
      if (first) await user.receive(first);
      for (const [count, { minutes, duration }] of edits.entries()) {
        const from = now;
        now += minutes * MINUTE;
        for (const deed of life.filter(({ receivedAt }) => receivedAt > from && receivedAt <= now)) {
          await user.passUntil(deed.receivedAt - 1);
          await user.receive(deed);
        }
        await user.passUntil(now);
        const before = waits(user);
        const edited = before[0]?.wait.step;
        if (edited === undefined) continue;
        plan = apply(plan, editOf(plan, 'retime', edited, duration), count + 1);
        user.definitions = await define([plan]);
        await user.advance(now);
        for (const { run, wait } of before.filter(({ wait: { step } }) => step === edited)) {
          const due = wait.enteredAt + toMs(duration);
          const expected = due <= now ? { status: 'done', outcome: null, at: now } : { status: 'waiting', until: due };
          expect(recordIn(user.runs, run, edited)).toMatchObject({ enteredAt: wait.enteredAt, ...expected });
        }
      }
      const open = waits(user);
      await user.passUntil(Math.max(now, ...open.map(({ wait: { until } }) => until ?? 0)));
      for (const { run, wait } of open.filter(({ wait: { until } }) => until !== null))
        expect(recordIn(user.runs, run, wait.step)).toMatchObject({ status: 'done', outcome: null, at: wait.until });
    }),
    { numRuns: 250 },
  ));
