import { fastClock, systemClock } from '../model/clock';

/** Rule 8: all time comes from the injected clock. */

it('the system clock runs at speed 1', () => {
  const before = Date.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  expect(systemClock.fromReal(1_000)).toBe(1_000);
});

it('on a fast clock an hour passes in a second', () => {
  const clock = fastClock({ real: 1_000_000, virtual: 5_000_000, speed: 3_600 });
  expect(clock.fromReal(1_000_000)).toBe(5_000_000);
  expect(clock.fromReal(1_001_000)).toBe(5_000_000 + 3_600_000);
});

it('a clock shows whole milliseconds', () => {
  expect(fastClock({ real: 0, virtual: 0, speed: 1.5 }).fromReal(3)).toBe(5);
});
