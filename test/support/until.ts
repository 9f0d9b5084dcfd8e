import { until as untilAtOnce, type UntilOptions } from '../../dev/until';

/** As long as jest lets a test go on: how fast anything is no test asserts. */
const TEST_PATIENCE_MS = 500_000;

/** `until` of dev/until.ts, for tests: more patient by default. */
export function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  options: UntilOptions = {},
): ReturnType<typeof untilAtOnce<T>> {
  return untilAtOnce(what, condition, { timeoutMs: TEST_PATIENCE_MS, ...options });
}
