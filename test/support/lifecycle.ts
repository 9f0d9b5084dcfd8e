import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Config } from '../../config/config';
import { loadDefinitions } from '../../config/definitions';
import { createLogger } from '../../config/log';
import type { Running } from '../../config/run-alone';
import { staticDefinitions, type Definitions } from '../../engine/definitions/definitions';
import type { JsonObject } from '../../engine/model/json';
import { ingest } from '../../store/ingest';
import type { IncomingEvent } from '../../store/ingest-values';
import { StartRequests } from '../../store/start-requests';
import { wake } from '../../api/deps';
import { createClient } from '../../temporal/connection';
import { workflowId } from '../../temporal/signal';
import { Waker } from '../../temporal/waker';
import { startWorker, type WorkerSetup } from '../../worker';
import { testConfig } from './config';
import { testDatabase, type TestDatabase } from './database';
import { startSmtp, type TestSmtp } from './smtp';
import { uniqueTaskQueue, workflowBundlePath } from './temporal';

/** Journeys written for tests. */
export const FIXTURE_JOURNEYS = join(__dirname, '..', 'fixtures', 'journeys');

/** The shipped journeys. */
export const SHIPPED_JOURNEYS = join(__dirname, '..', '..', 'journeys');

/** The production stack without HTTP: ingest, Temporal, workers, PostgreSQL and SMTP, isolated from other tests. */
export interface TestLifecycle {
  readonly config: Config;
  readonly database: TestDatabase;
  readonly smtp: TestSmtp;
  readonly client: Client;
  readonly definitions: Definitions;
  readonly waker: Waker;
  /** Wakes a user for a check, as the relay does. */
  wake(userId: string, reason: string): Promise<void>;
  readonly taskQueue: string;
  /** Returns an id that no other test uses. */
  newUser(): string;
  /** Stores an event as the API does, and wakes the user by default. */
  track(userId: string, name: string, properties?: JsonObject, options?: TrackOptions): Promise<void>;
  /** Number of events that the waits of a user's run have consumed. */
  consumed(userId: string): Promise<number>;
  /** The JSON of the whole history of a user's latest execution. */
  history(userId: string): Promise<string>;
  /** The same with all payloads as text, to search for what must not be in it. It is no JSON. */
  readableHistory(userId: string): Promise<string>;
  /**
   * @param release the journeys of another release, by default those of the stack
   * @param channels replaces the production channels
   */
  startWorker(
    release?: { readonly journeysPath: string; readonly publicUrl?: string },
    channels?: NonNullable<WorkerSetup['channels']>,
  ): Promise<Running>;
  stop(): Promise<void>;
}

export interface TrackOptions {
  readonly traits?: JsonObject;
  /** False stores the event only, as if the wake-up were lost. */
  readonly signal?: boolean;
  readonly messageId?: string;
}

/** Starts everything except workers. */
export async function startLifecycle({
  journeysPath = FIXTURE_JOURNEYS,
}: { journeysPath?: string } = {}): Promise<TestLifecycle> {
  const [database, smtp, definitions] = await Promise.all([testDatabase(), startSmtp(), loadDefinitions(journeysPath)]);
  const taskQueue = uniqueTaskQueue();
  const config = testConfig({ databaseUrl: database.url, smtpUrl: smtp.url, journeysPath });
  const client = createClient(config.temporal);
  const starts = new StartRequests(database.pool);
  const waker = new Waker({
    client,
    definitions: staticDefinitions(definitions),
    starts,
    log: createLogger('test', 'silent'),
  });
  const workers = new Set<Running>();

  const history = async (userId: string): Promise<string> =>
    JSON.stringify(await client.workflow.getHandle(workflowId(userId)).fetchHistory());
  return {
    config,
    database,
    smtp,
    client,
    definitions,
    waker,
    taskQueue,
    wake: async (userId, reason) => {
      await starts.queue([userId], reason);
      starts.announce();
    },
    newUser: () => randomUUID(),
    track: async (
      userId,
      name,
      properties = {},
      { traits = { email: `${userId}@example.com` }, signal = true, messageId = randomUUID() } = {},
    ) => {
      const event: IncomingEvent = {
        userId,
        messageId,
        type: 'track',
        name,
        at: Date.now(),
        active: true,
        traits: JSON.stringify(traits),
        properties: JSON.stringify(properties),
        anonymousId: null,
      };
      const { pending } = await ingest(database, staticDefinitions(definitions), {
        events: [event],
        aliases: [],
        receivedAt: Date.now(),
      });
      if (signal) wake(waker, pending);
    },
    consumed: async (userId) => {
      const { rows } = await database.pool.query<{ n: number }>(
        `SELECT jsonb_array_length(body->'consumed') AS n FROM runs WHERE user_id = $1`,
        [userId],
      );
      return rows[0]?.n ?? 0;
    },
    history,
    readableHistory: async (userId) =>
      (await history(userId)).replace(
        /"data":"([^"]*)"/g,
        (_, data: string) => `"data":${Buffer.from(data, 'base64').toString()}`,
      ),
    startWorker: async (release = { journeysPath }, channels) => {
      const setup = { taskQueue, bundle: workflowBundlePath(), ...(channels && { channels }) };
      const worker = await startWorker({ ...config, ...release }, setup);
      const running = {
        stop: async (): Promise<void> => {
          if (workers.delete(running)) await worker.stop();
        },
      };
      workers.add(running);
      return running;
    },
    stop: async () => {
      await Promise.all([...workers].map((worker) => worker.stop()));
      await waker.idle();
      await starts.idle();
      await client.connection.close();
      await Promise.all([smtp.stop(), database.drop()]);
    },
  };
}
