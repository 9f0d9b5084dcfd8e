import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JourneyCode, RunningJourneys } from '../activities/journey-code';
import { readSdkFiles, type SdkFiles } from '../api/sdk-files';
import { METRICS_PORTS, type Config } from '../config/config';
import type { Settings } from '../config/env';
import { migrate } from '../store/migrate';
import { lockFolder } from './folder-lock';
import { otherPort, requireFree } from './port';
import { withRemedy } from './setup-error';
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
 * Starts the servers that our processes need, and migrates the database. Only one process at a time can work in a folder.
 * @throws {Error} when a part cannot start; the message says what to do
 */
export async function prepare(settings: Settings, options: StackOptions): Promise<Stack> {
  const { folder, teardown, report } = options;
  try {
    mkdirSync(folder, { recursive: true });
    // Comes first: whoever finds a port in use by a process of the same folder would be told to use another port.
    teardown.add(await lockFolder(folder));
    await requireApiPort(settings);
    const stack = await startStack(settings, options);
    const applied = await migrate(stack.config.databaseUrl);
    if (applied.length > 0) report(`database migrated (${applied.join(', ')})`);
    return stack;
  } catch (error) {
    throw withRemedy(error, folder);
  }
}

/** What of ours is started. */
export interface OursOptions {
  /** With the demo. */
  readonly demo: boolean;
  /** The journeys, where they are loaded already. Default: those of `config.journeysPath`. */
  readonly code?: JourneyCode;
}

/**
 * Starts the worker and the API in this process.
 * @returns what runs journeys
 */
export async function startOurs(
  config: Config,
  teardown: Teardown,
  { demo, code }: OursOptions = { demo: false },
): Promise<readonly RunningJourneys[]> {
  // Loading takes seconds. It happens here, after the first progress is on the screen.
  const { startWorker } = await import('../worker.js');
  const { startServer } = await import('../server.js');
  const journeys = { ...(code && { code }) };
  const worker = teardown.add(await startWorker(config, journeys));
  const sdk = await browserSdk();
  const extraRoutes = demo ? (await import('./demo-app/routes.js')).demoRoutes : undefined;
  const server = { ...journeys, sdk, ...(extraRoutes && { extraRoutes }) };
  return [teardown.add(await startServer(config, server)), worker];
}

/** The browser SDK: as the package has it, and from source bundled now. */
async function browserSdk(): Promise<SdkFiles> {
  const built = readSdkFiles(join(__dirname, '..', 'sdk'));
  if (built.size > 0) return built;
  return (await (await import('./bundle-sdk.js')).bundleSdk()).files;
}
