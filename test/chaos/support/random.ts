/** The seed of all random choices: `CHAOS_SEED`, or a fixed one. The timing still depends on the machine. */
export const SEED = Number(process.env.CHAOS_SEED ?? 20_260_105);

/** A source of random choices. The same seed gives the same choices. */
export interface Random {
  /** Returns a whole number from `from` to `to`, excluding `to`. */
  between(from: number, to: number): number;
  /** Returns the items in random order. */
  shuffled<Item>(items: readonly Item[]): Item[];
}

/** Creates a source of random choices with the Mulberry32 generator, which is small and good enough for tests. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from));
  return {
    between,
    shuffled: (items) =>
      items
        .map((item) => ({ item, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item),
  };
}
