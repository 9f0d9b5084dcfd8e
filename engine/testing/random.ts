/** A source of random numbers that repeats for the same seed. */
export interface Random {
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A number from `from` up to, but not including, `to`, evenly distributed. */
  between(from: number, to: number): number;
  /**
   * One of the items, each with the same probability.
   * @throws {RangeError} when there are no items
   */
  pick<Item>(items: readonly Item[]): Item;
  /**
   * One of the items, with a probability proportional to its weight.
   * @throws {RangeError} when no weight is positive
   */
  weighted<Item>(items: readonly Item[], weights: readonly number[]): Item;
  /** A random time until an event, exponentially distributed with this mean. */
  span(mean: number): number;
  /** A random number of independent events, Poisson distributed with this mean. */
  times(mean: number): number;
}

/** Makes the generator of a seed (mulberry32: small, and random enough for made-up people). */
export function seeded(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    chance: (probability) => next() < probability,
    between: (from, to) => from + next() * (to - from),
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError('Expected at least one item to pick from.');
      return item;
    },
    weighted: (items, weights) => {
      let point = next() * weights.reduce((sum, weight) => sum + weight, 0);
      const item = items.find((_, index) => (point -= weights[index] ?? 0) < 0);
      if (item === undefined) throw new RangeError('Expected at least one item with a weight above 0.');
      return item;
    },
    span: (mean) => -mean * Math.log(1 - next()),
    times: (mean) => {
      // Knuth's method: counts the events that fit into one unit of time.
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count++;
      return count;
    },
  };
}
