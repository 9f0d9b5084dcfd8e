import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities } from './activities';
import { announceEdit } from './activities/announce-edit';
import { createChannels, type ChannelParts } from './activities/channels';
import { InFlight } from './activities/in-flight';
import { Relay } from './activities/relay';
import { checkTemplate } from './activities/templates/check';
import { loadTemplates } from './activities/templates/load';
import { checkDefinitions, checkStored } from './config/check';
import { TASK_QUEUE, type Config } from './config/config';
import { eventsByName, loadDefinitions } from './config/definitions';
import { templatesRoot } from './config/definitions-files';
import { readConfig } from './config/env';
import { createLogger, type Logger } from './config/log';
import { runAlone, type Running } from './config/run-alone';
import { serveMetrics } from './config/metrics-server';
import { loadClock } from './store/clock';
import { openDatabase } from './store/database';
import { createInbox } from './store/inbox';
import { createSubscriptions } from './store/push-subscriptions';
import { LiveDefinitions } from './store/live-definitions';
import { migrate } from './store/migrate';
import { Release } from './store/releases';
import { vapidKeys } from './store/vapid';
import { bundleWorkflows } from './temporal/bundle';
import { connectionOptions, createClient } from './temporal/connection';
import { LifecycleWorker } from './temporal/lifecycle-worker';
import { registerSearchAttributes } from './temporal/register';
import { Waker } from './temporal/waker';

/** What a test or the bench sets apart. */
export interface WorkerSetup {
  readonly taskQueue?: string;
  /** File of the bundled workflow; made at start when there is none. */
  readonly bundle?: string;
  /** Other ways of delivering; those of production by default. */
  readonly channels?: (parts: ChannelParts) => ReturnType<typeof createChannels>;
}

/** Deliveries under way get this long to end when the worker stops. */
const GRACE = '30 seconds';
/** A task holds its place while the first attempt at a delivery lasts. */
const TASKS_AT_ONCE = 100;
const BUNDLE = join(__dirname, 'workflow-bundle.js');

/**
 * Starts a worker: the lifecycle workflow, its activities, and the relay. Any number may run.
 * @throws when a journey or template is not fit to run, with every problem listed
 */
export async function startWorker(
  config: Config,
  { taskQueue = TASK_QUEUE, bundle = BUNDLE, channels: provide = createChannels }: WorkerSetup = {},
): Promise<Running> {
  const log = createLogger('worker', config.logLevel);
  const definitions = await loadDefinitions(config.journeysPath);
  const templates = await loadTemplates(templatesRoot(config.journeysPath));
  const problems = await checkDefinitions(definitions, (use) => checkTemplate(templates, use));
  if (problems.length > 0)
    throw new Error(`These journeys can't run:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);

  const database = openDatabase(config.databaseUrl, 'sojourn-worker');
  const { pool, knex } = database;
  const clock = await loadClock(knex, config.speed);
  const release = new Release(pool);
  const live = await LiveDefinitions.start({
    pool,
    code: definitions,
    catalogue: eventsByName(definitions),
    check: (all, journey) => checkStored(all, journey, (use) => checkTemplate(templates, use)),
    onChange: (next) => release.become(next),
    onProblem: (problem) => log.error({ problem }, 'a stored journey does not run as it was published'),
    onMissed: (error) => log.warn({ err: error }, 'the stored journeys could not be looked at'),
  });
  const channels = provide({
    config,
    templates,
    vapid: await vapidKeys(knex),
    subscriptions: createSubscriptions(database),
    inbox: createInbox(database),
  });
  const inFlight = new InFlight();
  const activities = createActivities({
    pool,
    clock,
    definitions: live,
    channels,
    inFlight,
    release,
    publicUrl: config.publicUrl,
    log,
  });

  installRuntime(log);
  const client = createClient(config.temporal);
  await registerSearchAttributes(client, log);
  const connection = await NativeConnection.connect({
    ...connectionOptions(config.temporal),
    // Neither what we send nor a history, which starts over early, is large enough to be worth compressing.
    grpcCompression: { codec: 'none' },
  });
  const worker = await LifecycleWorker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue,
    activities: { ...activities },
    shutdownGraceTime: GRACE,
    workflowBundle: await workflowBundle(bundle),
    maxConcurrentWorkflowTaskExecutions: TASKS_AT_ONCE,
    // A history that can't be replayed ends, instead of being tried for ever: it holds no state, and the next signal starts anew.
    workflowFailureErrorTypes: { '*': ['NondeterminismError'] },
  });
  // It fails only for good. Nobody handles that before we stop, so the process ends, and whoever runs it starts another.
  const running = worker.run();
  const waker = new Waker({ client, taskQueue, definitions: live, log });
  const relay = new Relay({ pool, clock, client, waker, release, definitions: live, log });
  // Before the relay tells everyone inside an edited journey. Events and timers needn't wait for it.
  const { replaced } = release;
  const announced = (
    replaced === null ? Promise.resolve() : announceEdit({ pool, clock, definitions: live.current, replaced, log })
  ).then(() => relay.start());

  const stop = async (): Promise<void> => {
    await announced;
    await relay.stop();
    await live.stop();
    worker.shutdown();
    await running;
    await inFlight.idle();
    await waker.idle();
    await Promise.all(Object.values(channels).map((channel) => channel.close()));
    await Promise.all([connection.close(), client.connection.close(), database.close()]);
  };
  return { stop };
}

/** The bundle made by the build, or by the test's setup; without one it is made now. */
async function workflowBundle(file: string): Promise<WorkflowBundleOption> {
  return existsSync(file) ? { codePath: file } : { code: await bundleWorkflows() };
}

/** The SDK has one runtime per process. It logs through ours, and leaves signals to whoever stops us, so that the order is ours too. */
function installRuntime(log: Logger): void {
  const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
  try {
    Runtime.install({
      shutdownSignals: [],
      logger: new DefaultLogger('WARN', ({ level, message, meta }) => log[LEVELS[level]](meta ?? {}, message)),
      telemetryOptions: { logging: { forward: {} } },
    });
  } catch {
    // Installed before by another worker of this process.
  }
}

if (require.main === module)
  runAlone('worker', async () => {
    const config = readConfig(process.env);
    await migrate(config.databaseUrl);
    const worker = await startWorker(config);
    const metrics = await serveMetrics(config.metricsPort);
    const stop = async (): Promise<void> => {
      await Promise.all([worker.stop(), metrics.stop()]);
    };
    return { stop };
  });
