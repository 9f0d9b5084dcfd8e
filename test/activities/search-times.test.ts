import { SearchTimes } from '../../activities/search-times';

const search = { everyMs: 60, seldomMs: 200 };

/** The times of searches until `end`; only the listed ones find users. */
function looks(end: number, finding: readonly number[] = []): number[] {
  const times = new SearchTimes<typeof search>();
  const seen: number[] = [];
  for (let now = 0; now <= end; now += 10) {
    if (!times.isDue(search, now)) continue;
    seen.push(now);
    times.searched(search, now, finding.includes(seen.length) ? 1 : 0, 0);
  }
  return seen;
}

test('a search that finds nobody runs less and less often, up to a limit', () => {
  expect(looks(900)).toEqual([0, 60, 180, 380, 580, 780]);
});

test('a search that finds users is due at once, and then starts over', () => {
  expect(looks(400, [3])).toEqual([0, 60, 180, 190, 250, 370]);
});

test('after clear() all searches are due and start over', () => {
  const times = new SearchTimes<typeof search>();
  for (const now of [0, 60, 180]) times.searched(search, now, 0, 0);
  times.clear();
  expect(times.isDue(search, 181)).toBe(true);
  times.searched(search, 181, 0, 0);
  expect([times.isDue(search, 240), times.isDue(search, 241)]).toEqual([false, true]);
});

test('a pause under way becomes shorter when seldomMs does', () => {
  const times = new SearchTimes<{ everyMs: number; seldomMs: number }>();
  const changing = { everyMs: 60, seldomMs: 200 };
  for (const now of [0, 60, 180]) times.searched(changing, now, 0, 0);
  expect(times.isDue(changing, 250)).toBe(false);
  changing.seldomMs = 60;
  expect(times.isDue(changing, 250)).toBe(true);
});

test('a search that takes long pauses longer, so that searches take a small part of the time', () => {
  const times = new SearchTimes<typeof search>();
  times.searched(search, 0, 0, 10);
  expect([times.isDue(search, 199), times.isDue(search, 200)]).toEqual([false, true]);
});
