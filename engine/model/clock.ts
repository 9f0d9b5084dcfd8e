/** The source of all time. */
export interface Clock {
  /** Milliseconds that pass on this clock in one real millisecond. */
  readonly speed: number;
  /** The time on this clock, epoch milliseconds. */
  now(): number;
  /** What this clock shows when the real clock shows `real`. Both are epoch milliseconds. */
  fromReal(real: number): number;
}

/** The machine's clock. */
export const systemClock: Clock = { speed: 1, now: () => Date.now(), fromReal: (real) => real };

/**
 * A clock that shows `virtual` when the real clock shows `real`, and runs `speed` times as fast. It shows whole milliseconds.
 * `virtual` and `real` are epoch milliseconds.
 */
export function fastClock({ real, virtual, speed }: { real: number; virtual: number; speed: number }): Clock {
  const fromReal = (moment: number): number => Math.round(virtual + (moment - real) * speed);
  return { speed, now: () => fromReal(Date.now()), fromReal };
}
