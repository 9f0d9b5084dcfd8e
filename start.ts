import { resolve } from 'node:path';
import { DefinitionsError } from './config/definitions-error';
import { ConfigError, readEnvironment } from './config/env';
import { otherPort, requireFree } from './dev/port';
import { SetupError } from './dev/setup-error';
import { startStack } from './dev/stack';
import { createTeardown, type Teardown } from './dev/teardown';
import { welcome } from './dev/welcome';
import { migrate } from './store/migrate';

const FOLDER = resolve('.sojourn');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm repeats the signal of a Ctrl-C; one that comes later is from somebody who won't wait. */
const ECHO_MS = 3_000;

/** What a person can mend has a message that says how; only a surprise needs its stack. */
const MENDABLE = [ConfigError, DefinitionsError, SetupError];

const report = (line: string): void => console.log(`  ${line}`);

/** `npm start`: everything that runs on a person's machine, in this process. */
async function start(teardown: Teardown): Promise<void> {
  const settings = readEnvironment({ LOG_LEVEL: 'warn', ...process.env });
  await requireFree(settings.port, 'the API', otherPort('PORT'));
  const { config, pages } = await startStack(settings, { folder: FOLDER, report, teardown });
  const applied = await migrate(config.databaseUrl);
  if (applied.length > 0) report(`database prepared (${applied.join(', ')})`);
  report('starting API and worker');
  // Loaded only here: it takes seconds, in which a person would wonder whether anything happens.
  const { startWorker } = await import('./worker.js');
  const { startServer } = await import('./server.js');
  teardown.add(await startWorker(config));
  teardown.add(await startServer(config));
  console.log(welcome(config, pages));
}

async function stopAndExit(teardown: Teardown, code: number): Promise<never> {
  await teardown.stop().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
  process.exit(code);
}

function main(): void {
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
  start(teardown).catch((error: unknown) => {
    if (stoppingSince !== null) return;
    const mendable = MENDABLE.some((kind) => error instanceof kind);
    console.error(mendable ? `\n${(error as Error).message}` : error);
    void stopAndExit(teardown, 1);
  });
}

main();
