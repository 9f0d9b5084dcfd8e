import { AdaptivePace, type Outcome } from '../../temporal/pace';

/** A machine on which one piece of work takes `aloneMs`, and several share it beyond `servers` at once. */
function machine(aloneMs: number, servers: number): { pace: AdaptivePace; work: (pieces: number) => number[] } {
  let now = 0;
  const pace = new AdaptivePace(() => now);
  const work = (pieces: number): number[] => {
    const limits: number[] = [];
    for (let left = pieces; left > 0;) {
      const ends = Array.from({ length: Math.min(left, pace.room) }, () => pace.begin());
      limits.push(ends.length);
      left -= ends.length;
      now += aloneMs * Math.max(1, ends.length / servers);
      for (const end of ends) end();
    }
    return limits;
  };
  return { pace, work };
}

test('the first piece is alone, so that it shows how long one takes', () => {
  const { pace } = machine(20, 2);
  expect(pace.room).toBe(1);
  const end = pace.begin();
  expect(pace.room).toBe(0);
  end();
  expect(pace.room).toBeGreaterThan(1);
});

test('so many are under way that each takes about two and a half times as long as alone', () => {
  const { work } = machine(20, 3);
  const settled = work(2_000).slice(-20);
  for (const atOnce of settled.filter((count) => count > 1)) {
    expect(atOnce).toBeGreaterThanOrEqual(3);
    expect(atOnce).toBeLessThanOrEqual(8);
  }
});

test('the limit follows a machine that becomes busier', () => {
  let now = 0;
  const pace = new AdaptivePace(() => now);
  const takes = (ms: number, pieces: number): void => {
    for (let left = pieces; left > 0;) {
      const ends = Array.from({ length: Math.max(1, pace.room) }, () => pace.begin());
      left -= ends.length;
      now += ms;
      for (const end of ends) end();
    }
  };
  takes(10, 500);
  const before = pace.room;
  takes(30, 400);
  expect(pace.room).toBeLessThan(before / 2);
});

test('work that was not done counts neither as slow nor as fast', () => {
  let now = 0;
  const pace = new AdaptivePace(() => now);
  const runs = (ms: number, outcome: Outcome): void => {
    const end = pace.begin();
    now += ms;
    end(outcome);
  };
  runs(5_000, 'not done');
  expect(pace.room).toBe(1);
  runs(20, 'done');
  expect(pace.room).toBeGreaterThan(1);
});

test('one runs alone every ten seconds', () => {
  const { work } = machine(100, 100);
  expect(work(5_000).filter((atOnce) => atOnce === 1).length).toBeGreaterThan(1);
});
