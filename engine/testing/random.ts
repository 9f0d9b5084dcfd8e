/** Chance that is the same at every run: made from a seed. */
export interface Random {
  /** True with this probability. */
  chance(probability: number): boolean;
  /** Any number of the range, each as likely as the other. */
  between(from: number, to: number): number;
  /** @throws {RangeError} when there is nothing to pick from */
  pick<Item>(items: readonly Item[]): Item;
  /**
   * One of the items, the likelier the greater its weight.
   * @throws {RangeError} when no weight is positive
   */
  weighted<Item>(items: readonly Item[], weights: readonly number[]): Item;
  /** A span until something that happens at any time alike, by its mean. */
  span(mean: number): number;
  /** How often something happens that happens so many times on average, each time independent of the others. */
  times(mean: number): number;
}

/** A generator of its own for each seed (mulberry32: small, and random enough for people who don't exist). */
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
      if (item === undefined) throw new RangeError('There is nothing to pick from.');
      return item;
    },
    weighted: (items, weights) => {
      let point = next() * weights.reduce((sum, weight) => sum + weight, 0);
      const item = items.find((_, index) => (point -= weights[index] ?? 0) < 0);
      if (item === undefined) throw new RangeError('There is nothing to pick from.');
      return item;
    },
    span: (mean) => -mean * Math.log(1 - next()),
    times: (mean) => {
      // Poisson by Knuth's method: as many as fit into one unit of time.
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count++;
      return count;
    },
  };
}
