import type { Config } from '../../../config/config';
import { Product } from '../../../dev/demo/product';
import { freePort } from '../../../dev/port';
import { startPushService, type PushService } from '../../../dev/push-service';
import { createTeardown, type Teardown } from '../../../dev/teardown';
import type { Clock } from '../../../engine/model/clock';
import { startServer } from '../../../server';
import { loadClock } from '../../../store/clock';
import { startWorker } from '../../../worker';
import { testConfig } from '../../support/config';
import { testDatabase } from '../../support/database';
import { SHIPPED_JOURNEYS } from '../../support/lifecycle';
import { startSmtp, type TestSmtp } from '../../support/smtp';
import { uniqueTaskQueue, workflowBundlePath } from '../../support/temporal';

/** Everything as it is in production, with the journeys that ship: API, worker, PostgreSQL, Temporal, SMTP and a push service. */
export interface Installation {
  readonly config: Config;
  /** Of its API. */
  readonly url: string;
  readonly clock: Clock;
  /** The app and its backend, which know it by HTTP alone. */
  readonly product: Product;
  /** Events the app could not deliver: why. */
  readonly troubles: readonly unknown[];
  readonly smtp: TestSmtp;
  readonly push: PushService;
  stop(): Promise<void>;
}

/**
 * Puts it all up; what was begun is stopped where it fails.
 * @param options how many seconds of the journeys pass in one
 */
export async function install(options: Pick<Config, 'speed'>): Promise<Installation> {
  const parts = createTeardown();
  try {
    return await putUp(parts, options);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

async function putUp(parts: Teardown, { speed }: Pick<Config, 'speed'>): Promise<Installation> {
  const database = await testDatabase();
  parts.add({ stop: () => database.drop() });
  const smtp = parts.add(await startSmtp());
  const push = parts.add(await startPushService());
  const config = testConfig({
    port: await freePort(),
    databaseUrl: database.url,
    smtpUrl: smtp.url,
    journeysPath: SHIPPED_JOURNEYS,
    speed,
  });
  const taskQueue = uniqueTaskQueue();
  // The API first: until it listens its port may be given to somebody else.
  parts.add(await startServer(config, { taskQueue }));
  parts.add(await startWorker(config, { taskQueue, bundle: workflowBundlePath() }));
  const troubles: unknown[] = [];
  const product = parts.add(new Product(config, (error) => troubles.push(error)));
  const url = `http://127.0.0.1:${config.port}`;
  const clock = await loadClock(database.knex, speed);
  return { config, url, clock, product, troubles, smtp, push, stop: () => parts.stop() };
}
