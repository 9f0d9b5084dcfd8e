import type { Clock } from '../../engine/model/clock';

/** What people are going to do, at moments of the journey clock. */
export class Agenda {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly underWay = new Set<Promise<void>>();
  private stopped = false;

  /** @param onError is told of an action that failed; the others go on */
  constructor(
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Does something at a moment, epoch milliseconds; what lies in the past at once. */
  at(moment: number, action: () => void | Promise<void>): void {
    if (this.stopped) return;
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        const done = this.run(action).finally(() => this.underWay.delete(done));
        this.underWay.add(done);
      },
      Math.max(0, (moment - this.clock.now()) / this.clock.speed),
    );
    this.timers.add(timer);
  }

  /** Nothing more is begun; waits for what is under way. */
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
