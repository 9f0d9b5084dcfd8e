import { performance } from 'node:perf_hooks';

/** The delivery attempts under way in this process. A shutdown waits for them, so that none is cut off. */
export class InFlight {
  /** When each began, by the steady clock. */
  private readonly attempts = new Map<Promise<unknown>, number>();

  /** How many of the attempts under way began less than `ms` of real time ago. */
  youngerThan(ms: number): number {
    const since = performance.now() - ms;
    return [...this.attempts.values()].filter((begun) => begun > since).length;
  }

  /** Tracks an attempt until it ends or fails, and returns it. */
  watch<Result>(attempt: Promise<Result>): Promise<Result> {
    const over = attempt.catch(() => undefined).finally(() => this.attempts.delete(over));
    this.attempts.set(over, performance.now());
    return attempt;
  }

  /** Resolves when no attempt is under way any more. */
  async idle(): Promise<void> {
    while (this.attempts.size > 0) await Promise.all(this.attempts.keys());
  }
}
