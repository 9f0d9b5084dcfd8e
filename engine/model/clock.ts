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

/** A clock that showed `virtual` at the real moment `real`, and from then on runs `speed` times as fast. */
export function fastClock({ real, virtual, speed }: { real: number; virtual: number; speed: number }): Clock {
  const fromReal = (moment: number): number => Math.round(virtual + (moment - real) * speed);
  return { speed, now: () => fromReal(Date.now()), fromReal };
}
