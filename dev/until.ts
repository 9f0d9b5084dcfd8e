import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/** The type without its falsy values. */
export type Truthy<T> = Exclude<T, null | undefined | false | 0 | ''>;

/**
 * Waits for a condition by checking it repeatedly.
 * @param what names the condition in the error
 * @param condition returns a truthy value once it holds; an error means that it does not hold yet
 * @param options `timeoutMs` and `everyMs` in real milliseconds; `signal` aborts the wait with its reason
 * @returns the truthy value
 * @throws {Error} when the condition does not hold in time; the cause is the last error
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 120_000, everyMs = 50, signal }: UntilOptions = {},
): Promise<Truthy<T>> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    try {
      const answer = await condition();
      if (answer) return answer as Truthy<T>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await pause(everyMs);
  }
  throw new Error(`Timed out after ${timeoutMs / 1000} s waiting for: ${what}`, { cause });
}
