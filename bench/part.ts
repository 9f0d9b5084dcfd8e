import type { Running } from '../config/run-alone';
import { beginProfile, endProfile, type Shares } from './parts/profiler';

/** A message from a process of the bench to the harness that started it. */
export type PartMessage =
  | { readonly kind: 'ready' }
  /** `at` is when the delivery began, by {@link monotonicMs}. */
  | { readonly kind: 'delivered'; readonly userId: string; readonly template: string; readonly at: number }
  | { readonly kind: 'profiling' }
  /** The CPU profile that the harness has asked for. */
  | { readonly kind: 'profiled'; readonly shares: Shares };

/** A request of the harness to a process. */
export type HarnessMessage = 'begin profile' | 'end profile';

/** Returns the time of the monotonic clock that all processes of the machine share, in milliseconds. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Sends a message to the harness, over the channel of `fork`. */
export function notifyHarness(message: PartMessage): void {
  process.send?.(message);
}

/** Runs a part of a side in this process, until the harness stops it or disconnects. */
export function runPart(start: () => Promise<Running>): void {
  start().then(
    (part) => {
      const end = (): void => void part.stop().finally(() => process.exit());
      process.once('SIGTERM', end);
      process.once('disconnect', end);
      process.on('message', (message: HarnessMessage) => void obey(message));
      notifyHarness({ kind: 'ready' });
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

/** Begins or ends a profile, and tells the harness. */
async function obey(message: HarnessMessage): Promise<void> {
  if (message === 'begin profile') {
    await beginProfile();
    notifyHarness({ kind: 'profiling' });
  } else notifyHarness({ kind: 'profiled', shares: await endProfile() });
}
