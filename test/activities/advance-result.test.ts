import type { Advanced } from '../../engine/advance/advance';
import { MAX_OPEN_RUNS } from '../../engine/model/limits';
import type { Run } from '../../engine/model/state';
import type { OpenMessage } from '../../store/messages';
import { advanceResult } from '../../activities/advance-result';
import type { ActivityDeps } from '../../activities/deps';

/** What an advance returns goes into a workflow's history, which Temporal limits. */

const AT = Date.parse('2026-01-05T12:00:00Z');
const LONG = 'long name '.repeat(20);
/** A hundredth of what Temporal refuses, in bytes. */
const LARGEST = 20_000;

const runs = Array.from(
  { length: 50 * MAX_OPEN_RUNS },
  (_, n) =>
    ({
      id: `run-${n}`,
      journey: `journey-${n % 500}-with-a-long-name`,
      key: String(n),
      status: 'active',
      enteredAt: AT + n,
      journal: [
        {
          step: LONG,
          kind: 'call',
          enteredAt: AT,
          status: 'waiting',
          until: AT,
          awaits: [],
          hold: null,
          reason: LONG,
          facts: {},
        },
      ],
    }) as unknown as Run,
);
const messages = Array.from({ length: 1_000 }, (_, n): OpenMessage => ({
  id: `message-${n}`,
  runId: `run-${n}`,
  journey: 'orders',
  step: LONG,
  channel: 'email',
  template: 'order',
  data: {},
  transactional: true,
  expiresAt: AT,
}));
const advanced = {
  state: { id: 'ada', runs, memory: { stage: 'new', stageSince: AT } },
  effects: { calls: runs.map(({ id, journey }) => ({ runId: id, journey, step: LONG })) },
  decisions: runs.map(({ journey }) => ({ at: AT, journey, step: LONG, what: 'waiting', reason: LONG })),
  wakeAt: AT,
} as unknown as Advanced;
const deps = { clock: { now: () => AT, speed: 1 }, publicUrl: 'https://example.com' } as ActivityDeps;

it('the result of an advance stays small, whatever was decided', () => {
  const result = advanceResult(deps, { advanced, wakeAt: AT }, messages, []);
  expect(JSON.stringify({ ...result, calls: [], deliver: [] }).length).toBeLessThan(LARGEST);
  expect(result.decided).toHaveLength(21);
  expect(result.decided[0]).toBe('4980 earlier decisions are in the timeline');
  expect(result.details).toContain('and 4980 more');
  expect(result.details).toContain(`journey-499-with-a-long-name`);
  expect(Buffer.byteLength(result.journeys.join())).toBeLessThan(2_000);
});

it('deliveries and calls are handed over in portions, so that fifty of each run at once', () => {
  const first = advanceResult(deps, { advanced, wakeAt: AT }, messages, []);
  expect([first.deliver.length, first.calls.length, first.done]).toEqual([50, 50, false]);
  const inFlight = [...first.deliver, ...first.calls].map(({ id }) => id);
  const waiting = messages.filter(({ id }) => !inFlight.includes(id));
  // All places are taken, and a call that takes long does not keep a delivery from starting.
  expect(advanceResult(deps, { advanced, wakeAt: AT }, waiting, inFlight)).toMatchObject({ deliver: [], calls: [] });
  const next = advanceResult(deps, { advanced, wakeAt: AT }, waiting, inFlight.slice(20));
  expect([next.deliver.map(({ id }) => id), next.calls]).toEqual([waiting.slice(0, 20).map(({ id }) => id), []]);
});
