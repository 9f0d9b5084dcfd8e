/** Delivery attempts under way in this process, so that a shutdown waits for them and none is cut in half. */
export class InFlight {
  private readonly attempts = new Set<Promise<unknown>>();

  /** Keeps an eye on an attempt until it is over, however it ends. */
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
