import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

/**
 * The one timer of a lifecycle. It is re-armed only for an earlier deadline. A deadline that moves later costs nothing: the timer
 * fires at its old time, and the loop arms it again.
 */
export class WakeTimer {
  private due = Infinity;
  private scope: CancellationScope | null = null;

  constructor(private readonly onWake: () => void) {}

  /**
   * Arms the timer, unless it already fires as early.
   * @param inMs real milliseconds from now; null for no deadline
   * @param summary what the timer waits for, for the UI
   */
  arm(inMs: number | null, summary: string): void {
    const due = inMs === null ? Infinity : Date.now() + Math.max(1, inMs);
    if (due >= this.due) return;
    this.scope?.cancel();
    this.due = due;
    this.scope = new CancellationScope();
    this.scope
      .run(() => sleep(due - Date.now(), { summary }))
      .then(
        () => this.fired(),
        (error: unknown) => {
          if (!isCancellation(error)) throw error;
        },
      );
  }

  private fired(): void {
    this.due = Infinity;
    this.scope = null;
    this.onWake();
  }
}
