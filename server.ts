import type { Server } from 'node:http';
import { checkTemplate } from './activities/templates/check';
import { loadTemplates, type Templates } from './activities/templates/load';
import { TemplateError } from './activities/templates/template';
import { createApp, type ApiDeps } from './api/app';
import { createHttpServer } from './api/http-server';
import { DEFAULT_LIMITS, type Limits } from './api/limits';
import { checkStored } from './config/check';
import { TASK_QUEUE, type Config } from './config/config';
import { catalogue, eventsByName, loadDefinitions } from './config/definitions';
import { templatesRoot } from './config/definitions-files';
import { ConfigError, readConfig } from './config/env';
import { createLogger } from './config/log';
import { runAlone, type Running } from './config/run-alone';
import { loadClock } from './store/clock';
import { openDatabase } from './store/database';
import { LiveDefinitions } from './store/live-definitions';
import { migrate } from './store/migrate';
import { vapidKeys } from './store/vapid';
import { createClient } from './temporal/connection';
import { registerSearchAttributes } from './temporal/register';
import { Waker } from './temporal/waker';

/** Requests under way get this long to be answered when the server stops. */
const GRACE_MS = 10_000;
/** A call without a deadline is repeated for ever while Temporal is down, and throws once its connection is closed. */
const PROBE_MS = 2_000;

/** What a test sets apart from others on the same server. */
export interface ServerSetup {
  readonly taskQueue?: string;
  readonly limits?: Limits;
}

/**
 * Starts the API. Any number may run. Temporal needn't be there: events are taken all the same.
 * @throws {ConfigError} when the port is taken
 * @throws when the journeys can't be loaded or the database is missing
 */
export async function startServer(
  config: Config,
  { taskQueue = TASK_QUEUE, limits = DEFAULT_LIMITS }: ServerSetup = {},
): Promise<Running> {
  const log = createLogger('api', config.logLevel);
  const definitions = await loadDefinitions(config.journeysPath);
  const templates = await loadTemplates(templatesRoot(config.journeysPath));
  const database = openDatabase(config.databaseUrl, 'sojourn-api');
  const client = createClient(config.temporal);
  // Lifecycles are started with search attributes. Temporal may be away: then a worker registers them.
  void registerSearchAttributes(client, log);
  const live = await LiveDefinitions.start({
    pool: database.pool,
    code: definitions,
    catalogue: eventsByName(definitions),
    check: (all, journey) => checkStored(all, journey, (use) => checkTemplate(templates, use)),
    onProblem: (problem) => log.error({ problem }, 'a stored journey does not run as it was published'),
    onMissed: (error) => log.debug({ err: error }, 'the stored journeys could not be looked at'),
  });
  const waker = new Waker({ client, taskQueue, definitions: live, log });
  const app = createApp({
    config,
    database,
    clock: await loadClock(database.knex, config.speed),
    definitions: live,
    catalogue: catalogue(definitions),
    waker,
    vapidPublicKey: (await vapidKeys(database.knex)).publicKey,
    templateProblem: problemOfShared(templates),
    checkTemplate: (use) => checkTemplate(templates, use),
    probeTemporal: async () => {
      const { namespace } = config.temporal;
      await client.withDeadline(Date.now() + PROBE_MS, () => client.workflowService.describeNamespace({ namespace }));
    },
    log,
    limits,
  });
  const server = createHttpServer(app, log);
  await listen(server, config.port);
  return {
    stop: async () => {
      await close(server);
      await live.stop();
      await waker.idle();
      await Promise.all([client.connection.close(), database.close()]);
    },
  };
}

/** No journey has this empty name: what is found is shared. */
function problemOfShared(templates: Templates): ApiDeps['templateProblem'] {
  return (channel, name) => {
    try {
      templates.get('', channel, name);
      return null;
    } catch (error) {
      if (error instanceof TemplateError) return error.message;
      throw error;
    }
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new ConfigError([`PORT can't be listened on (${error.code ?? error.message})`]));
    });
    server.listen(port, resolve);
  });
}

/** Takes no more requests, and waits for those under way. */
async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const overdue = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(overdue);
}

if (require.main === module)
  runAlone('server', async () => {
    const config = readConfig(process.env);
    await migrate(config.databaseUrl);
    return startServer(config);
  });
