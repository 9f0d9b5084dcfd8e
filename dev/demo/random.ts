/** Chance that is the same at every run: made from a seed. */
export interface Random {
  /** True with this probability. */
  chance(probability: number): boolean;
  /** Any number of the range, each as likely as the other. */
  between(from: number, to: number): number;
  /** @throws {RangeError} when there is nothing to pick from */
  pick<Item>(items: readonly Item[]): Item;
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
  };
}
