import type { Running } from '../config/run-alone';

/** What a process of the bench tells the one that started it. */
export type News =
  | { readonly kind: 'ready' }
  /** `at` is when the delivery began, by {@link monotonicMs}. */
  | { readonly kind: 'delivered'; readonly userId: string; readonly template: string; readonly at: number };

/** The monotonic clock all processes of the machine share, in milliseconds. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Tells the harness something; over the channel of `fork`. */
export function tellHarness(news: News): void {
  process.send?.(news);
}

/** Runs a part of a side as a process of its own until the harness is done with it, or gone. */
export function runPart(start: () => Promise<Running>): void {
  start().then(
    (part) => {
      const end = (): void => void part.stop().finally(() => process.exit());
      process.once('SIGTERM', end);
      process.once('disconnect', end);
      tellHarness({ kind: 'ready' });
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
