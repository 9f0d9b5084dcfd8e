import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JourneyCode, RunningJourneys } from '../activities/journey-code';
import type { ExtraRoutes } from '../api/deps';
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
 * Checks that the ports of all that is started are free.
 * @throws {SetupError} when one is in use
 */
export async function requirePorts({ port, metricsPort, temporal, smtpUrl, pages }: Settings): Promise<void> {
  await requireFree(port, 'the API', otherPort('PORT'));
  await requireFree(metricsPort ?? METRICS_PORTS.api, 'the metrics', otherPort('METRICS_PORT'));
  if (temporal === null) await requireFree(pages.temporal, "Temporal's web page", otherPort('TEMPORAL_UI_PORT'));
  if (smtpUrl === null) await requireFree(pages.mailbox, "the mailbox's web page", otherPort('MAILBOX_PORT'));
}

/**
 * Claims the folder and checks the ports, before anything that takes time. Only one process at a time can work in a folder.
 * @throws {Error} when the folder or a port can't be used; the message says what to do
 */
export async function claim(settings: Settings, { folder, teardown }: StackOptions): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true });
    // Comes first: whoever finds a port in use by a process of the same folder would be told to use another port.
    teardown.add(await lockFolder(folder));
    await requirePorts(settings);
  } catch (error) {
    throw withRemedy(error, folder);
  }
}

/**
 * Starts the servers that our processes need, in a folder that is claimed, and migrates the database.
 * @throws {Error} when a part cannot start; the message says what to do
 */
export async function startServers(settings: Settings, options: StackOptions): Promise<Stack> {
  try {
    const stack = await startStack(settings, options);
    const applied = await migrate(stack.config.databaseUrl);
    if (applied.length > 0) options.report(`database migrated to ${applied.at(-1) ?? ''}`);
    return stack;
  } catch (error) {
    throw withRemedy(error, options.folder);
  }
}

/**
 * Claims the folder, and starts the servers that our processes need.
 * @throws {Error} when a part cannot start; the message says what to do
 */
export async function prepare(settings: Settings, options: StackOptions): Promise<Stack> {
  await claim(settings, options);
  return startServers(settings, options);
}

/** What of ours is started. */
export interface OursOptions {
  /** With the demo. */
  readonly demo: boolean;
  /** The journeys, where they are loaded already. Default: those of `config.journeysPath`. */
  readonly code?: JourneyCode;
  /** Beside those of the API, and of the demo. Default: none. */
  readonly extraRoutes?: ExtraRoutes;
}

/**
 * Starts the worker and the API in this process.
 * @returns what runs journeys
 */
export async function startOurs(
  config: Config,
  teardown: Teardown,
  { demo, code, extraRoutes: others }: OursOptions = { demo: false },
): Promise<readonly RunningJourneys[]> {
  // Loading takes seconds. It happens here, after the first progress is on the screen.
  const { startWorker } = await import('../worker.js');
  const { startServer } = await import('../server.js');
  const journeys = { ...(code && { code }) };
  const worker = teardown.add(await startWorker(config, journeys));
  const sdk = await browserSdk();
  const ofDemo = demo ? (await import('./demo-app/routes.js')).demoRoutes : undefined;
  const extraRoutes: ExtraRoutes = (...given) => [...(ofDemo?.(...given) ?? []), ...(others?.(...given) ?? [])];
  const server = { ...journeys, sdk, extraRoutes };
  return [teardown.add(await startServer(config, server)), worker];
}

/** The browser SDK: as the package has it, and from source bundled now. */
async function browserSdk(): Promise<SdkFiles> {
  const built = readSdkFiles(join(__dirname, '..', 'sdk'));
  if (built.size > 0) return built;
  return (await (await import('./bundle-sdk.js')).bundleSdk()).files;
}
