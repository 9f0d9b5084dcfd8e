import type { Server } from 'node:http';
import { join } from 'node:path';
import { checkTemplate } from './activities/templates/check';
import { loadJourneyCode, type JourneyCode, type RunningJourneys } from './activities/journey-code';
import type { Templates } from './activities/templates/load';
import { TemplateError } from './activities/templates/template-error';
import { createApp, type ApiDeps } from './api/app';
import type { ChannelName } from './engine/model/state';
import { createHttpServer } from './api/http-server';
import { DEFAULT_LIMITS, type Limits } from './api/limits';
import { reportBacklog } from './api/backlog';
import { readSdkFiles, type SdkFiles } from './api/sdk-files';
import { Pages } from './api/stream/pages';
import { METRICS_PORTS, type Config } from './config/config';
import { ConfigError, readConfig } from './config/env';
import { createLogger } from './config/log';
import { serveMetrics } from './config/metrics-server';
import { pulseEvents } from './config/pulse-events';
import type { Environment } from './config/rule';
import { runAlone } from './config/run-alone';
import { loadClock } from './store/clock';
import { openDatabase } from './store/database';
import { announcedInApp } from './store/in-app-announcements';
import { LiveDefinitions } from './store/live-definitions';
import { migrate } from './store/migrate';
import { Pulse } from './store/pulse';
import { StartRequests } from './store/start-requests';
import { vapidKeys } from './store/vapid';
import { createClient, probeTemporal } from './temporal/connection';
import { Waker } from './temporal/waker';

/** A stopping server waits this long for requests under way. */
const GRACE_MS = 10_000;

export interface ServerSetup {
  /** The journeys, where they are loaded already. Default: those of `config.journeysPath`. */
  readonly code?: JourneyCode;
  /** For tests. */
  readonly limits?: Limits;
  /** The variables with the keys of providers. Default: those of the process. */
  readonly environment?: Environment;
  /** Default: the SDK that the build has put beside this file. */
  readonly sdk?: SdkFiles;
  /** What is served beside the API. Default: nothing. */
  readonly extraRoutes?: ApiDeps['extraRoutes'];
}

/**
 * Starts the API. Any number may run. It accepts events while Temporal is down.
 * @throws {ConfigError} when the port of the API or of its metrics is taken
 * @throws {Error} when the journeys can't be loaded or the database can't be reached
 */
export async function startServer(
  config: Config,
  {
    code,
    limits = DEFAULT_LIMITS,
    environment = process.env,
    sdk = readSdkFiles(join(__dirname, 'sdk')),
    extraRoutes,
  }: ServerSetup = {},
): Promise<RunningJourneys> {
  const log = createLogger('api', config.logLevel);
  const first = code ?? (await loadJourneyCode(config.journeysPath));
  const database = openDatabase(config.databaseUrl, 'sojourn-api');
  const pulse = await Pulse.start(database, pulseEvents(log));
  const client = createClient(config.temporal);
  const live = await LiveDefinitions.start({
    pool: database.pool,
    code: first,
    onProblem: (problem) => log.error({ problem }, 'a stored journey does not run as it was published'),
    onMissed: (error) => log.debug({ err: error }, 'could not read the stored journeys'),
  });
  const inForce = (): JourneyCode => live.codeOf(live.current);
  const starts = new StartRequests(database.pool);
  const waker = new Waker({ client, definitions: live, starts, log });
  const clock = await loadClock(database.knex, config.speed, pulse.time);
  const pages = Pages.start({
    pool: database.pool,
    databaseUrl: config.databaseUrl,
    clock,
    definitions: live,
    onMissed: (error) => log.debug({ err: error }, 'could not read what open pages show'),
  });
  const app = createApp({
    config,
    database,
    clock,
    definitions: live,
    get catalogue() {
      return inForce().events;
    },
    get setups() {
      return inForce().definitions.setups;
    },
    waker,
    pages,
    vapidPublicKey: (await vapidKeys(database.knex)).publicKey,
    templateProblem: (channel, name) => problemOfShared(inForce().templates, channel, name),
    checkTemplate: (use) => checkTemplate(inForce().templates, use),
    probeTemporal: () => probeTemporal(client, config.temporal),
    environment,
    sdk,
    log,
    limits,
    ...(extraRoutes && { extraRoutes }),
  });
  const server = createHttpServer(app, log);
  const metrics = await serveMetrics(config.metricsPort ?? METRICS_PORTS.api, {
    key: config.metricsKey,
    measure: () => reportBacklog({ database, clock, definitions: live }),
  });
  await listen(server, config.port);
  return {
    replace: (next) => live.replace(next),
    stop: async () => {
      const closed = close(server);
      await pages.stop();
      await closed;
      await metrics.stop();
      await Promise.all([live.stop(), pulse.stop()]);
      await Promise.all([announcedInApp(database.pool), announcedInApp(database.patient)]);
      await waker.idle();
      await starts.idle();
      await Promise.all([client.connection.close(), database.close()]);
    },
  };
}

/** Says what is wrong with a shared template; null when nothing is. No journey has an empty name, so only shared templates match. */
function problemOfShared(templates: Templates, channel: ChannelName, name: string): string | null {
  try {
    templates.get('', channel, name);
    return null;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new ConfigError([`PORT can't be listened on (${error.code ?? error.message})`]));
    });
    server.listen(port, resolve);
  });
}

/** Stops accepting requests and waits for those under way, at most `GRACE_MS`. */
async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const overdue = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(overdue);
}

/** Runs the API as the process that this is, with the settings of its environment. */
export function runServer(): void {
  runAlone('server', async () => {
    const config = readConfig(process.env);
    await migrate(config.databaseUrl);
    return startServer(config);
  });
}

if (require.main === module) runServer();
