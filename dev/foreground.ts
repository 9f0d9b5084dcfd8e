import { performance } from 'node:perf_hooks';
import { DefinitionsError } from '../config/definitions-error';
import { ConfigError } from '../config/env';
import type { Report } from './report';
import { SetupError } from './setup-error';
import { createTeardown, type Teardown } from './teardown';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Errors the user can fix. Their message says how, so only other errors are printed with a stack trace. */
const USER_ERRORS = [ConfigError, DefinitionsError, SetupError];
/** npm repeats the signal of a Ctrl-C within this time. A later signal is a second Ctrl-C, and exits at once. */
const REPEAT_MS = 3_000;

/** Prints one line of progress to the terminal. */
export const report: Report = (line) => console.log(`  ${line}`);

/** Puts the seconds since now before each line, so that a start shows how long each part of it took. */
export function timed(lines: Report): Report {
  const begun = performance.now();
  return (line) => lines(`${String(Math.round((performance.now() - begun) / 1_000)).padStart(3)} s  ${line}`);
}

/**
 * Runs a command until it is done or until Ctrl-C, then stops everything it started, and exits. The exit code is 1 after an error.
 * @param start adds each part to the teardown as soon as the part runs; resolves to `stay` to keep running until Ctrl-C
 */
export function runInForeground(start: (teardown: Teardown) => Promise<'stay' | 'done'>): void {
  const teardown = createTeardown();
  let stoppingSince: number | null = null;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stoppingSince !== null && Date.now() - stoppingSince > REPEAT_MS) process.exit(1);
      if (stoppingSince !== null) return;
      stoppingSince = Date.now();
      report('stopping');
      void stopAndExit(teardown, 0);
    });
  }
  start(teardown).then(
    (then) => {
      if (then === 'done' && stoppingSince === null) void stopAndExit(teardown, 0);
    },
    (error: unknown) => {
      if (stoppingSince !== null) return;
      const isUserError = USER_ERRORS.some((kind) => error instanceof kind);
      console.error(isUserError && error instanceof Error ? `\n${error.message}` : error);
      void stopAndExit(teardown, 1);
    },
  );
}

async function stopAndExit(teardown: Teardown, code: number): Promise<never> {
  await teardown.stop().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
  process.exit(code);
}
