import { performance } from 'node:perf_hooks';

/**
 * Limits of the templates. A worker renders in the thread that decides for everyone, and people's traits and events reach the
 * templates. The names and units are LiquidJS's.
 */
export const LIMITS = {
  /** Length of a template file, of the MJML with everything it includes, and of each text given to Liquid. Characters. */
  parseLimit: 500_000,
  /** Time to render one message, all its texts together. Real milliseconds. */
  renderLimit: 200,
  /** What rendering one message makes, all its texts together: characters written or changed by filters, and items of lists. */
  memoryLimit: 1_000_000,
} as const;

/** The problem of a text that is longer than `parseLimit`, which begins at this place. */
export function tooLong(place: string): string {
  return `${place}: is longer than ${LIMITS.parseLimit} characters with everything it includes`;
}

/**
 * Renders one message. A message that runs out of time is rendered once more: the machine may have stood still in the middle of a
 * rendering that takes a fraction of a millisecond, and the message must not be lost for it.
 * @throws the error of the rendering
 */
export function rendering<Result>(render: () => Result): Result {
  const started = performance.now();
  try {
    return render();
  } catch (error) {
    if (performance.now() - started < LIMITS.renderLimit) throw error;
    return render();
  }
}
