/**
 * Starts a stopwatch, which returns the real milliseconds since. It also counts time in which this process did not run: a process that
 * was stopped is told by the monotonic clock, a machine that was suspended only by the other.
 */
export function stopwatch(): () => number {
  const monotonic = performance.now();
  const wall = Date.now();
  return () => Math.max(performance.now() - monotonic, Date.now() - wall);
}
