import { METRICS_PORTS, type Config } from '../config/config';
import type { Settings } from '../config/env';
import { migrate } from '../store/migrate';
import { otherPort, requireFree } from './port';
import { startStack, type Stack, type StackOptions } from './stack';
import type { Teardown } from './teardown';

/**
 * Checks that the ports of the API and of the metrics are free.
 * @throws {SetupError} when one is in use
 */
export async function requireApiPort({ port, metricsPort }: Settings): Promise<void> {
  await requireFree(port, 'the API', otherPort('PORT'));
  await requireFree(metricsPort ?? METRICS_PORTS.api, 'the metrics', otherPort('METRICS_PORT'));
}

/**
 * Starts the servers that our processes need, and migrates the database.
 * @throws {Error} when a part cannot start; the message says what to do
 */
export async function prepare(settings: Settings, options: StackOptions): Promise<Stack> {
  await requireApiPort(settings);
  const stack = await startStack(settings, options);
  const applied = await migrate(stack.config.databaseUrl);
  if (applied.length > 0) options.report(`database migrated (${applied.join(', ')})`);
  return stack;
}

/** Starts the worker and the API in this process. */
export async function startOurs(config: Config, teardown: Teardown): Promise<void> {
  // Loading takes seconds. It happens here, after the first progress is on the screen.
  const { startWorker } = await import('../worker.js');
  const { startServer } = await import('../server.js');
  teardown.add(await startWorker(config));
  teardown.add(await startServer(config));
}
