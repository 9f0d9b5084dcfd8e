import { DatabaseTime } from '../../store/database-time';

/** The database's time after an answer, when the process's steady clock shows 0. */
function after(...answers: readonly (readonly [now: number, asked: number, answered: number])[]): number {
  const time = new DatabaseTime(() => 0);
  for (const answer of answers) time.note(...answer);
  return time.now();
}

const HOUR = 3_600_000;

test('is what the answer said, and runs on with the steady clock', () => {
  expect(after([HOUR + 10, 5, 10])).toBe(HOUR);
});

test('does not jump with the duration of answers', () => {
  expect(after([HOUR + 10, 9, 10], [HOUR + 1_010, 1_005, 1_900])).toBe(HOUR);
});

test('comes closer with each faster answer', () => {
  expect(after([HOUR, 0, 900], [HOUR + 2_000, 1_999, 2_000])).toBe(HOUR);
});

test('follows the database when its clock is set, or another host takes over', () => {
  expect(after([HOUR, 0, 0], [2 * HOUR, 0, 0])).toBe(2 * HOUR);
  expect(after([2 * HOUR, 0, 0], [HOUR, 0, 0])).toBe(HOUR);
});

test('is not known before the first answer', () => {
  expect(() => new DatabaseTime().now()).toThrow('not known yet');
});
