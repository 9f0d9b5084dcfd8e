import { until as untilAtOnce, type UntilOptions } from '../../dev/until';

/** Milliseconds, just below Jest's own limit, because no test asserts speed. */
const TEST_PATIENCE_MS = 500_000;

/** `until` of dev/until.ts with a longer default timeout. */
export function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  options: UntilOptions = {},
): ReturnType<typeof untilAtOnce<T>> {
  return untilAtOnce(what, condition, { timeoutMs: TEST_PATIENCE_MS, ...options });
}
