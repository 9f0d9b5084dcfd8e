/** The most lines of an axis, beside that of 0. */
const MOST_TICKS = 5;
const STEPS = [1, 2, 5, 10];

/** The values at which an axis from 0 to `most` has lines: round, evenly spaced, and none above `most`. */
export function ticksTo(most: number): number[] {
  if (most <= 0) return [0];
  const power = 10 ** Math.floor(Math.log10(most / MOST_TICKS));
  const step = (STEPS.find((factor) => most / (factor * power) <= MOST_TICKS) ?? 10) * power;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
}
