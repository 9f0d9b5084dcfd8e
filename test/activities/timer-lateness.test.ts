import { TimerLateness } from '../../activities/timer-lateness';

test('the lateness is the median of the last seconds', () => {
  let now = 0;
  const lateness = new TimerLateness(() => now);
  for (const lateMs of [9_000, 20, 3_000]) lateness.observe(lateMs);
  expect(lateness.recentMs).toBe(3_000);
  now = 5_001;
  expect(lateness.recentMs).toBe(0);
});

test('one timer that is late by itself says nothing about the others', () => {
  const lateness = new TimerLateness(() => 0);
  lateness.observe(3_600_000);
  expect(lateness.recentMs).toBe(0);
});
