import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/** What is left of a type when its value holds. */
type Truthy<T> = Exclude<T, null | undefined | false | 0 | ''>;

/**
 * Waits for a condition, asking again and again.
 * @param what names the condition in the error
 * @param condition answers something truthy once it holds; an error counts as "not yet"
 * @param options real milliseconds; a signal that ends the waiting with its reason
 * @returns what the condition answered
 * @throws {Error} when it doesn't hold in time, with the last error as its cause
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
  throw new Error(`Gave up waiting after ${timeoutMs / 1000} s: ${what}`, { cause });
}
