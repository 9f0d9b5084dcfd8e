import { rmSync } from 'node:fs';
import { loadDefinitions, type LoadedDefinitions } from '../../config/definitions';
import { readEnvironment } from '../../config/env';
import { loadClock } from '../../store/clock';
import { DatabaseTime } from '../../store/database-time';
import { openDatabase, type Database } from '../../store/database';
import { prepare, requirePorts, startOurs } from '../launch';
import { startPushService } from '../push-service';
import type { Report } from '../report';
import type { Stack } from '../stack';
import { createTeardown, type Teardown } from '../teardown';
import { until } from '../until';
import { isIdle } from './checks';
import { frames, type Frame } from './frames';
import { MailReader } from './mail';
import { startPeople, type People } from './people';

/** The environment variables the demo reads. The demo sets all other settings itself. */
const VARIABLES = new Set([
  'PORT',
  'TEMPORAL_UI_PORT',
  'MAILBOX_PORT',
  'METRICS_PORT',
  'SPEED',
  'LOG_LEVEL',
  'JOURNEYS',
]);
const DEFAULTS = { SPEED: '20000', LOG_LEVEL: 'warn' } as const;
const DAY_MS = 86_400_000;

export interface DemoOptions {
  /** Holds all data. Existing data in it is deleted. */
  readonly folder: string;
  readonly size: number;
  readonly days: number;
  readonly report: Report;
  /** Called about once a second with the state of the demo. */
  readonly watch: (frame: Frame) => void;
}

/** The demo after its last day. Everything still runs, now in real time. */
export interface FinishedDemo {
  readonly stack: Stack;
  /** Its API and its worker. */
  readonly ours: Pick<Teardown, 'stop'>;
  readonly database: Database;
  readonly definitions: LoadedDefinitions;
  readonly people: People;
  readonly mail: MailReader;
  /** The end of the last day, epoch milliseconds of the journey clock. */
  readonly endedAt: number;
  /** Seconds on the journey clock per real second, until `endedAt`. */
  readonly speed: number;
  /** The longest time an event was seen pending, real milliseconds. */
  readonly worstLagMs: number;
  /** Whether all work was done before the wait for it timed out. */
  readonly idle: boolean;
}

/**
 * Starts a stack in fast time and simulates people on it for some days. Then stops the people, slows the journey clock down to
 * real time so that the state remains as it is, and waits until all work is done.
 * @throws {Error} when a part of the stack cannot start; the message says what to do
 */
export async function runDemo(teardown: Teardown, options: DemoOptions): Promise<FinishedDemo> {
  const { folder, size, days, report, watch } = options;
  const variables = Object.entries(process.env).filter(([name, value]) => VARIABLES.has(name) && value !== '');
  const settings = readEnvironment({ ...DEFAULTS, ...Object.fromEntries(variables) });
  await requirePorts(settings);
  rmSync(folder, { recursive: true, force: true });
  const stack = await prepare(settings, { folder, report, teardown });
  const { config, pages } = stack;
  const push = teardown.add(await startPushService());
  const database = openDatabase(config.databaseUrl, 'sojourn-demo');
  teardown.add({ stop: () => database.close() });
  const ours = teardown.add(createTeardown());
  report('starting API and worker');
  await startOurs(config, ours);

  const definitions = await loadDefinitions(config.journeysPath);
  const time = await DatabaseTime.of(database.pool);
  const clock = await loadClock(database.knex, config.speed, time);
  const mail = new MailReader(pages.mailbox ?? '');
  const startedAt = clock.now();
  let worstLagMs = 0;
  const people = teardown.add(startPeople({ config, mail, push, clock, size }));
  for await (const frame of frames({ database, definitions, clock, startedAt, days })) {
    watch(frame);
    worstLagMs = Math.max(worstLagMs, frame.lagMs);
  }
  await people.stop();
  // Slows the clock down before the processes stop. Otherwise days would pass while they stop.
  const realTime = await loadClock(database.knex, 1, time);
  await ours.stop();
  await startOurs({ ...config, speed: 1 }, ours);
  const idle = await until('all work is done', () => isIdle(database.pool, realTime.now())).catch(() => false);
  return {
    stack,
    ours,
    database,
    definitions,
    people,
    mail,
    endedAt: startedAt + days * DAY_MS,
    speed: config.speed,
    worstLagMs,
    idle,
  };
}
