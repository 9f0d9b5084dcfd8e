import fc from 'fast-check';
import { WakeSlots } from '../../activities/wake-slots';
import { fastClock, realClock } from '../../engine/model/clock';

const NOW = Date.UTC(2026, 0, 5, 8);
const NINE = Date.UTC(2026, 0, 5, 9);
const SECOND = 1_000;

const slotsAt = (real: () => number): WakeSlots => new WakeSlots(realClock(real));
const users = (count: number): string[] => Array.from({ length: count }, (_, n) => `user-${n}`);

test('users with the same deadline are spread over the seconds that follow it, the first 25 on time', () => {
  const slots = slotsAt(() => NOW);
  const wakes = users(60).map((id) => slots.wakeAt(id, NINE, null));
  expect(wakes.slice(0, 25).every((at) => at === NINE)).toBe(true);
  expect(wakes.slice(25, 50).every((at) => at === NINE + SECOND)).toBe(true);
  expect(wakes.slice(50).every((at) => at === NINE + 2 * SECOND)).toBe(true);
});

test('the same deadline gets the same answer, and takes no second place', () => {
  const slots = slotsAt(() => NOW);
  const ids = users(30);
  const first = ids.map((id) => slots.wakeAt(id, NINE, null));
  const again = ids.map((id, n) => slots.wakeAt(id, NINE, first[n] ?? null));
  expect(again).toEqual(first);
  expect(slots.wakeAt('late', NINE, null)).toBe(NINE + SECOND);
});

test('a deadline that is due is not put off', () => {
  const slots = slotsAt(() => NINE + 1);
  expect(users(80).map((id) => slots.wakeAt(id, NINE, null))).toEqual(users(80).map(() => NINE));
});

test('a user whose deadline changes gets a new place', () => {
  const slots = slotsAt(() => NOW);
  for (const id of users(30)) slots.wakeAt(id, NINE, null);
  expect(slots.wakeAt('user-29', NINE + 60 * SECOND, NINE + SECOND)).toBe(NINE + 60 * SECOND);
  expect(slots.wakeAt('user-29', null, NINE + 60 * SECOND)).toBeNull();
});

test('on a fast clock, users are spread over seconds of real time', () => {
  const speed = 60;
  const slots = new WakeSlots(fastClock({ real: NOW, virtual: NOW, speed }, () => NOW));
  const wakes = users(30).map((id) => slots.wakeAt(id, NINE, null));
  expect(new Set(wakes)).toEqual(new Set([NINE, NINE + speed * SECOND]));
});

test('nobody is woken early, and no second gets more than 25', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ waits: fc.integer({ min: 1, max: 9_000 }), passes: fc.integer({ min: 0, max: 60 }) }), {
        minLength: 100,
        maxLength: 600,
      }),
      (deadlines) => {
        let now = NOW;
        const slots = slotsAt(() => now);
        const seconds = new Map<number, number>();
        deadlines.forEach(({ waits, passes }, n) => {
          now += passes;
          const wakeAt = slots.wakeAt(`user-${n}`, now + waits, null) ?? 0;
          expect(wakeAt).toBeGreaterThanOrEqual(now + waits);
          const second = Math.floor(wakeAt / SECOND);
          seconds.set(second, (seconds.get(second) ?? 0) + 1);
        });
        expect(Math.max(...seconds.values())).toBeLessThanOrEqual(25);
      },
    ),
  );
});
