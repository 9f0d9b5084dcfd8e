/** The source of all time. */
export interface Clock {
  /** Milliseconds that pass on this clock in one real millisecond. */
  readonly speed: number;
  /** The time on this clock, epoch milliseconds. */
  now(): number;
  /** The real time, epoch milliseconds. */
  real(): number;
  /** What this clock shows when the real clock shows `real`. Both are epoch milliseconds. */
  fromReal(real: number): number;
}

/** A clock that shows real time, as `real` tells it in epoch milliseconds. */
export function realClock(real: () => number): Clock {
  return { speed: 1, now: real, real, fromReal: (moment) => moment };
}

/** The machine's clock. */
export const systemClock: Clock = realClock(() => Date.now());

/**
 * A clock that shows `virtual` when the real clock shows `real`, and runs `speed` times as fast. It shows whole milliseconds.
 * `virtual` and `real` are epoch milliseconds.
 * @param realNow tells the real time
 */
export function fastClock(
  { real, virtual, speed }: { real: number; virtual: number; speed: number },
  realNow = (): number => systemClock.real(),
): Clock {
  const fromReal = (moment: number): number => Math.round(virtual + (moment - real) * speed);
  return { speed, now: () => fromReal(realNow()), real: realNow, fromReal };
}
