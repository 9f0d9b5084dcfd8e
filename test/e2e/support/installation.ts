import type { Config } from '../../../config/config';
import { Product } from '../../../dev/demo/product';
import { freePort } from '../../../dev/port';
import { startPushService, type PushService } from '../../../dev/push-service';
import { createTeardown, type Teardown } from '../../../dev/teardown';
import type { Clock } from '../../../engine/model/clock';
import { startServer, type ServerSetup } from '../../../server';
import { loadClock } from '../../../store/clock';
import type { Database } from '../../../store/database';
import { DatabaseTime } from '../../../store/database-time';
import { startWorker } from '../../../worker';
import { testConfig } from '../../support/config';
import { testDatabase } from '../../support/database';
import { SHIPPED_JOURNEYS } from '../../support/lifecycle';
import { startSmtp, type TestSmtp } from '../../support/smtp';
import { uniqueTaskQueue, workflowBundlePath } from '../../support/temporal';

/** A complete installation with the shipped journeys: API, worker, PostgreSQL, Temporal, SMTP server and push service. */
export interface Installation {
  readonly config: Config;
  /** The base URL of the API. */
  readonly url: string;
  readonly clock: Clock;
  readonly database: Database;
  /** The app and its backend, which use Sojourn only over HTTP. */
  readonly product: Product;
  /** The errors with which the app could not deliver events. */
  readonly errors: readonly unknown[];
  readonly smtp: TestSmtp;
  readonly push: PushService;
  stop(): Promise<void>;
}

/** What differs between installations. */
export interface InstallOptions {
  /** Seconds on the journey clock per real second. */
  readonly speed: number;
  /** Default: the journeys that ship. */
  readonly journeysPath?: string;
  /** What the journey clock shows first, epoch milliseconds. Default: real time. */
  readonly from?: number;
  /** What the API serves beside its routes. Default: nothing. */
  readonly setup?: ServerSetup;
}

/** Starts an installation. If a part fails to start, the others are stopped. */
export async function install(options: InstallOptions): Promise<Installation> {
  const parts = createTeardown();
  try {
    return await startParts(parts, options);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

async function startParts(
  parts: Teardown,
  { speed, journeysPath = SHIPPED_JOURNEYS, from, setup }: InstallOptions,
): Promise<Installation> {
  const database = await testDatabase();
  parts.add({ stop: () => database.drop() });
  const time = await DatabaseTime.of(database.pool);
  if (from !== undefined) {
    const value = JSON.stringify({ real: time.now(), virtual: from, speed });
    await database.knex('settings').insert({ name: 'clock', value });
  }
  const smtp = parts.add(await startSmtp());
  const push = parts.add(await startPushService());
  const config = testConfig({
    port: await freePort(),
    databaseUrl: database.url,
    smtpUrl: smtp.url,
    // As under `npm start`: channels without a provider show their messages.
    mailboxUrl: smtp.url,
    journeysPath,
    speed,
  });
  const taskQueue = uniqueTaskQueue();
  // Starts the API first. Another program could take its port before it listens.
  parts.add(await startServer(config, setup));
  parts.add(await startWorker(config, { taskQueue, bundle: workflowBundlePath() }));
  const errors: unknown[] = [];
  const product = parts.add(new Product(config, (error) => errors.push(error)));
  const url = `http://127.0.0.1:${config.port}`;
  const clock = await loadClock(database.knex, speed, time);
  return { config, url, clock, database, product, errors, smtp, push, stop: () => parts.stop() };
}
