/** The longest pause between two attempts. */
const LONGEST_S = 30;

/** The pauses of a loop that repeats what failed. */
export interface Patience {
  /** Milliseconds until the next attempt: 1, 2, 4, 8, 16, then 30 seconds, each with up to half of it more at random. */
  next(): number;
  /** Attempts that failed since the last success. */
  readonly failures: number;
  /** Begins again with the shortest pause. */
  reset(): void;
  /** Resolves after so many milliseconds, or when it is woken. */
  pause(ms: number): Promise<void>;
  /** Ends the present pause after so many milliseconds, if it would last longer. */
  wake(ms?: number): void;
}

export function createPatience(): Patience {
  let failures = 0;
  let until = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let end: () => void;
  const endIn = (ms: number): void => {
    clearTimeout(timer);
    until = Date.now() + ms;
    timer = setTimeout(end, ms);
  };
  return {
    next: () => Math.min(LONGEST_S, 2 ** failures++) * 1_000 * (1 + Math.random() / 2),
    get failures() {
      return failures;
    },
    reset: () => {
      failures = 0;
    },
    pause: (ms) =>
      new Promise((resolve) => {
        end = resolve;
        endIn(ms);
      }),
    wake: (ms = 0) => {
      if (Date.now() + ms < until) endIn(ms);
    },
  };
}
