/**
 * Takes one of several by weight. Each weight is an interval of their sum, in the given order, and the point falls into one of them.
 * What has no positive weight is never taken.
 * @param point in [0, 1)
 * @returns undefined when no weight is positive
 */
export function byWeight<Name>(
  weights: readonly (readonly [name: Name, weight: number])[],
  point: number,
): Name | undefined {
  const positive = weights.filter(([, weight]) => weight > 0);
  let rest = point * positive.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of positive) {
    rest -= weight;
    if (rest < 0) return name;
  }
  // Rounding may leave a point at the very end of the last interval.
  return positive.at(-1)?.[0];
}
