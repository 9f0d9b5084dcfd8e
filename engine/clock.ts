/** Where all time comes from. `speed` virtual milliseconds pass in one real one. */
export interface Clock {
  readonly speed: number;
  /** The current moment, epoch milliseconds. */
  now(): number;
  /** The moment of this clock at which the real clock shows `real`. */
  fromReal(real: number): number;
}

/** The machine's clock. */
export const systemClock: Clock = { speed: 1, now: () => Date.now(), fromReal: (real) => real };

/** A clock that shows the real time at `epoch` and from then on runs `speed` times as fast. */
export function fastClock(epoch: number, speed: number): Clock {
  const fromReal = (real: number): number => Math.round(epoch + (real - epoch) * speed);
  return { speed, now: () => fromReal(Date.now()), fromReal };
}
