import type { Config } from '../config/config';
import type { Settings } from '../config/env';
import { migrate } from '../store/migrate';
import { otherPort, requireFree } from './port';
import { startStack, type Stack, type StackOptions } from './stack';
import type { Teardown } from './teardown';

/** @throws {SetupError} when the API's port is taken */
export async function requireApiPort({ port }: Settings): Promise<void> {
  await requireFree(port, 'the API', otherPort('PORT'));
}

/**
 * Starts what our own processes need and prepares the database.
 * @throws {Error} saying what to do when a part can't start
 */
export async function prepare(settings: Settings, options: StackOptions): Promise<Stack> {
  await requireApiPort(settings);
  const stack = await startStack(settings, options);
  const applied = await migrate(stack.config.databaseUrl);
  if (applied.length > 0) options.report(`database prepared (${applied.join(', ')})`);
  return stack;
}

/** Starts our own, in this process: the worker and the API. */
export async function startOurs(config: Config, teardown: Teardown): Promise<void> {
  // Loaded only here: it takes seconds, in which a person would wonder whether anything happens.
  const { startWorker } = await import('../worker.js');
  const { startServer } = await import('../server.js');
  teardown.add(await startWorker(config));
  teardown.add(await startServer(config));
}
