/** The delivery attempts under way in this process. A shutdown waits for them, so that none is cut off. */
export class InFlight {
  private readonly attempts = new Set<Promise<unknown>>();

  /** How many attempts are under way. */
  get count(): number {
    return this.attempts.size;
  }

  /** Tracks an attempt until it ends or fails, and returns it. */
  watch<Result>(attempt: Promise<Result>): Promise<Result> {
    const over = attempt.catch(() => undefined).finally(() => this.attempts.delete(over));
    this.attempts.add(over);
    return attempt;
  }

  /** Resolves when no attempt is under way any more. */
  async idle(): Promise<void> {
    while (this.attempts.size > 0) await Promise.all(this.attempts);
  }
}
