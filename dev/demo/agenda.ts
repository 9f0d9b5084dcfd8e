import type { Clock } from '../../engine/model/clock';

/** Schedules what the people of the demo do, by the journey clock. */
export class Agenda {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly underWay = new Set<Promise<void>>();
  private stopped = false;

  /** @param onError called with the error of each action that fails; the other actions continue */
  constructor(
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {}

  /**
   * Schedules an action. An action in the past runs at once. Does nothing after {@link stop}.
   * @param time epoch milliseconds of the journey clock
   */
  at(time: number, action: () => void | Promise<void>): void {
    if (this.stopped) return;
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        const done = this.run(action).finally(() => this.underWay.delete(done));
        this.underWay.add(done);
      },
      Math.max(0, (time - this.clock.now()) / this.clock.speed),
    );
    this.timers.add(timer);
  }

  /** Cancels all scheduled actions, and waits for those that are running. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.underWay);
  }

  private async run(action: () => void | Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.onError(error);
    }
  }
}
