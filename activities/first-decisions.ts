/** Tells when this process has made the next decision about a user. */
export class FirstDecisions {
  private readonly awaited = new Map<string, () => void>();

  /** Resolves at the next decision about a user, or after `limitMs` of real time: another process may have made it. */
  next(userId: string, limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(overdue);
        if (this.awaited.get(userId) === done) this.awaited.delete(userId);
        resolve();
      };
      const overdue = setTimeout(done, limitMs).unref();
      this.awaited.set(userId, done);
    });
  }

  /** Records that a decision about a user was made, or has failed. */
  made(userId: string): void {
    this.awaited.get(userId)?.();
  }
}
