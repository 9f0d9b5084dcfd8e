/** The seed of all random choices: `CHAOS_SEED`, or always the same one. Timing stays the machine's own. */
export const SEED = Number(process.env.CHAOS_SEED ?? 20_260_105);

/** Random choices that are the same for the same seed. */
export interface Random {
  /** A whole number from `from` up to, not including, `to`. */
  between(from: number, to: number): number;
  shuffled<Item>(items: readonly Item[]): Item[];
}

/** Mulberry32: small, and good enough to be arbitrary. */
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
