/** A share of a number of cases, with its interval at 95 %. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const Z = 1.959964;

/**
 * The share of `part` in `whole`, with the interval of Wilson (Probable inference, the law of succession, and statistical inference,
 * JASA 22, 1927), which also holds for few cases and for shares near 0 and 1.
 * @returns null when there are no cases
 */
export function shareOf(part: number, whole: number): Share | null {
  if (whole === 0) return null;
  const value = part / whole;
  const spread = Z ** 2 / whole;
  const middle = (value + spread / 2) / (1 + spread);
  const margin = (Z * Math.sqrt((value * (1 - value)) / whole + spread / (4 * whole))) / (1 + spread);
  return { value, low: Math.max(0, middle - margin), high: Math.min(1, middle + margin) };
}
