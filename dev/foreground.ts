import { DefinitionsError } from '../config/definitions-error';
import { ConfigError } from '../config/env';
import type { Report } from './report';
import { SetupError } from './setup-error';
import { createTeardown, type Teardown } from './teardown';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What a person can mend has a message that says how; only a surprise needs its stack. */
const MENDABLE = [ConfigError, DefinitionsError, SetupError];
/** npm repeats the signal of a Ctrl-C; one that comes later is from somebody who won't wait. */
const ECHO_MS = 3_000;

/** Says one line to the person at the terminal. */
export const report: Report = (line) => console.log(`  ${line}`);

/**
 * Runs a command a person started, until Ctrl-C or until it is done, and then stops everything it has put up.
 * @param start answers whether to stay up until Ctrl-C; adds what it starts to the teardown at once
 */
export function runInForeground(start: (teardown: Teardown) => Promise<'stay' | 'done'>): void {
  const teardown = createTeardown();
  let stoppingSince: number | null = null;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stoppingSince !== null && Date.now() - stoppingSince > ECHO_MS) process.exit(1);
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
      const mendable = MENDABLE.some((kind) => error instanceof kind);
      console.error(mendable && error instanceof Error ? `\n${error.message}` : error);
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
