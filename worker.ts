import { createActivities } from './activities';
import { announceEdit } from './activities/announce-edit';
import { createChannels, type ChannelParts } from './activities/channels';
import { FirstDecisions } from './activities/first-decisions';
import { InFlight } from './activities/in-flight';
import { Relay } from './activities/relay';
import { Starter } from './activities/starter';
import { loadRunnable, type JourneyCode, type RunningJourneys } from './activities/journey-code';
import { templatesInForce } from './activities/templates/load';
import { TimerLateness } from './activities/timer-lateness';
import { WakeSlots } from './activities/wake-slots';
import { unknownStarts } from './config/check';
import { METRICS_PORTS, TASK_QUEUE, type Config } from './config/config';
import { readConfig } from './config/env';
import { createLogger } from './config/log';
import { pulseEvents } from './config/pulse-events';
import { runAlone } from './config/run-alone';
import { serveMetrics } from './config/metrics-server';
import { startedWith } from './config/started';
import { WorkerHealth } from './config/worker-health';
import { loadClock } from './store/clock';
import { openDatabase } from './store/database';
import { announcedInApp } from './store/in-app-announcements';
import { createInbox } from './store/inbox';
import { createSubscriptions } from './store/push-subscriptions';
import { LiveDefinitions } from './store/live-definitions';
import { migrate } from './store/migrate';
import { Pulse } from './store/pulse';
import { Release } from './store/releases';
import { StartRequests } from './store/start-requests';
import { vapidKeys } from './store/vapid';
import { connectWorker } from './temporal/connect-worker';
import { clientOf, createClient, probeTemporal } from './temporal/connection';

export interface WorkerSetup {
  /** The journeys, where they are loaded and checked already. Default: those of `config.journeysPath`. */
  readonly code?: JourneyCode;
  readonly taskQueue?: string;
  /** File of the bundled workflow. Defaults to the build's; a missing file is replaced by a bundle made at startup. */
  readonly bundle?: string;
  /** Replaces the production channels. */
  readonly channels?: (parts: ChannelParts) => ReturnType<typeof createChannels>;
  /** Is told what the worker does. Default: nobody asks. */
  readonly health?: WorkerHealth;
}

/**
 * Starts a worker: the lifecycle workflow, its activities, and the relay. Any number may run.
 * @throws {Error} when a journey or template can't run, with every problem listed
 * @throws {Error} when the database or Temporal can't be reached
 */
export async function startWorker(
  config: Config,
  {
    code,
    taskQueue = TASK_QUEUE,
    bundle,
    channels: provide = createChannels,
    health = new WorkerHealth(),
  }: WorkerSetup = {},
): Promise<RunningJourneys> {
  const log = createLogger('worker', config.logLevel);
  const first = code ?? (await loadRunnable(config.journeysPath));

  const database = openDatabase(config.databaseUrl, 'sojourn-worker');
  const { pool, patient, knex } = database;
  const pulse = await Pulse.start(database, pulseEvents(log));
  const clock = await loadClock(knex, config.speed, pulse.time);
  const release = new Release(pool);
  const live = await LiveDefinitions.start({
    pool,
    code: first,
    onChange: (next) => release.become(next),
    onProblem: (problem) => log.error({ problem }, 'a stored journey does not run as it was published'),
    onMissed: (error) => log.warn({ err: error }, 'could not read the stored journeys'),
  });
  const templates = templatesInForce(() => live.codeOf(live.current).templates);
  for (const { id } of first.definitions.journeys)
    for (const { text } of unknownStarts(live.current, id))
      log.warn({ problem: text }, 'a journey starts one that is neither in code nor published');
  const channels = provide({
    config,
    templates,
    vapid: await vapidKeys(knex),
    subscriptions: createSubscriptions(database),
    inbox: createInbox(database),
  });
  const inFlight = new InFlight();
  const decisions = new FirstDecisions();
  const lateness = new TimerLateness();
  const starts = new StartRequests(pool);
  const activities = createActivities({
    pool,
    clock,
    definitions: live,
    channels,
    inFlight,
    decisions,
    lateness,
    slots: new WakeSlots(clock),
    starts,
    release,
    templatesOf: (definitions) => live.codeOf(definitions).templates,
    get answersRead() {
      return templates.answersRead;
    },
    publicUrl: config.publicUrl,
    log,
  });

  // Reaching Temporal may take a minute, after which other workers would count this one as dead.
  release.start((error) => log.warn({ err: error }, 'could not report that this release is alive'));
  const client = createClient(config.temporal);
  const close = async (): Promise<void> => {
    await Promise.all([
      live.stop(),
      release.stop(),
      pulse.stop(),
      ...Object.values(channels).map((channel) => channel?.close()),
    ]);
    await Promise.all([client.connection.close(), database.close()]);
  };
  const { connection, worker } = await connectWorker(config.temporal, {
    client,
    taskQueue,
    activities: { ...activities },
    bundle,
    log,
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  // A failure here is permanent and stays unhandled until shutdown, so it ends the process. The supervisor starts a new one.
  const running = worker.run();
  health.polls(
    {
      isPolling: () => worker.getState() === 'RUNNING',
      probes: {
        postgres: () => database.writes.check(pool),
        temporal: () => probeTemporal(client, config.temporal),
      },
    },
    log,
  );
  log.info({ journeys: live.current.journeys.map(({ id }) => id) }, 'the worker takes work');
  const starter = new Starter({
    pool,
    databaseUrl: config.databaseUrl,
    client: clientOf(connection, config.temporal),
    taskQueue,
    definitions: live,
    decisions,
    inFlight,
    lateness,
    log,
  });
  starter.start();
  const relay = new Relay({
    pool: patient,
    clock,
    client,
    taskQueue,
    starts,
    release,
    definitions: live,
    lateness,
    retention: config.retention,
    log,
  });
  // Must precede the relay's wake-ups for edited journeys. Events and timers need not wait for it.
  const { replaced } = release;
  const announced = (
    replaced === null ? Promise.resolve() : announceEdit({ pool, clock, definitions: live.current, replaced, log })
  ).then(() => relay.start());

  const stop = async (): Promise<void> => {
    health.drains();
    await announced;
    await Promise.all([relay.stop(), starter.stop()]);
    worker.shutdown();
    await running;
    await inFlight.idle();
    await starts.idle();
    await announcedInApp(pool);
    await connection.close();
    await close();
  };
  return { stop, replace: (next) => live.replace(next) };
}

/** Runs a worker as the process that this is, with the settings of its environment. */
export function runWorker(): void {
  runAlone('worker', async () => {
    const config = readConfig(process.env);
    const port = config.metricsPort ?? METRICS_PORTS.worker;
    createLogger('worker', config.logLevel).info(
      { ...startedWith(config), taskQueue: TASK_QUEUE, metricsPort: port },
      'the worker starts',
    );
    await migrate(config.databaseUrl);
    // A port that is taken is told before the worker takes any work.
    const health = new WorkerHealth();
    const metrics = await serveMetrics(port, { key: config.metricsKey, health });
    const worker = await startWorker(config, { health });
    return {
      stop: async () => {
        await worker.stop();
        await metrics.stop();
      },
    };
  });
}

if (require.main === module) runWorker();
