import { Circuit, type CircuitState } from '../../activities/providers/circuit';

/** A circuit with a clock of its own, and the states that it showed. */
function circuit(): { circuit: Circuit; states: CircuitState[]; pass(ms: number): void } {
  let now = 0;
  const states: CircuitState[] = [];
  return {
    circuit: new Circuit(
      () => now,
      (state) => states.push(state),
    ),
    states,
    pass: (ms) => void (now += ms),
  };
}

function fail(one: Circuit, times: number): void {
  for (let n = 0; n < times; n++) {
    one.begin();
    one.failed();
  }
}

test('four failures leave a provider in use, and the fifth leaves it alone for ten seconds', () => {
  const { circuit: one, states, pass } = circuit();
  fail(one, 4);
  expect(one.waitMs).toBe(0);
  fail(one, 1);
  expect([one.waitMs, states]).toEqual([10_000, ['open']]);
  pass(10_000);
  expect(one.waitMs).toBe(0);
});

test('a success in between starts the count again', () => {
  const { circuit: one } = circuit();
  fail(one, 4);
  one.succeeded();
  fail(one, 4);
  expect(one.waitMs).toBe(0);
});

test('after the pause one message tries the provider, and the others wait for what becomes of it', () => {
  const { circuit: one, states, pass } = circuit();
  fail(one, 5);
  pass(10_000);
  one.begin();
  expect(one.waitMs).toBe(1_000);
  one.succeeded();
  expect([one.waitMs, states]).toEqual([0, ['open', 'half-open', 'closed']]);
});

test('each trial that fails doubles the pause, up to 160 seconds', () => {
  const { circuit: one, pass } = circuit();
  fail(one, 5);
  const pauses = [1, 2, 3, 4, 5].map(() => {
    pass(one.waitMs);
    fail(one, 1);
    return one.waitMs;
  });
  expect(pauses).toEqual([20_000, 40_000, 80_000, 160_000, 160_000]);
});

test('a trial that says nothing about the provider leaves the next message to try it', () => {
  const { circuit: one, pass } = circuit();
  fail(one, 5);
  pass(10_000);
  one.begin();
  one.unknown();
  expect(one.waitMs).toBe(0);
});

test('a pause that the provider asks for is kept, an hour at most, and is no failure', () => {
  const { circuit: one, states, pass } = circuit();
  one.begin();
  one.pause(30_000);
  one.pause(10_000);
  expect([one.waitMs, states]).toEqual([30_000, []]);
  pass(30_000);
  expect(one.waitMs).toBe(0);
  one.pause(86_400_000);
  expect(one.waitMs).toBe(3_600_000);
});

test('messages that fail together after the circuit has opened do not prolong the pause', () => {
  const { circuit: one, pass } = circuit();
  for (let n = 0; n < 20; n++) one.begin();
  for (let n = 0; n < 5; n++) one.failed();
  pass(9_000);
  for (let n = 0; n < 15; n++) one.failed();
  expect(one.waitMs).toBe(1_000);
});
