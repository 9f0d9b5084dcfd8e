import { rmSync } from 'node:fs';
import { loadDefinitions, type LoadedDefinitions } from '../../config/definitions';
import { readEnvironment } from '../../config/env';
import { loadClock } from '../../store/clock';
import { openDatabase, type Database } from '../../store/database';
import { prepare, requireApiPort, startOurs } from '../launch';
import { startPushService } from '../push-service';
import type { Report } from '../report';
import type { Stack } from '../stack';
import { createTeardown, type Teardown } from '../teardown';
import { until } from '../until';
import { isSettled } from './checks';
import { frames, type Frame } from './frames';
import { MailReader } from './mail';
import { startPeople, type People } from './people';

/** What of the environment has a say here; all else of the stack is the demo's own. */
const HEEDED = new Set(['PORT', 'TEMPORAL_UI_PORT', 'MAILBOX_PORT', 'SPEED', 'LOG_LEVEL', 'JOURNEYS']);
const DEFAULTS = { SPEED: '20000', LOG_LEVEL: 'warn' } as const;
const DAY_MS = 86_400_000;

export interface DemoOptions {
  /** Holds all data; what is there is forgotten. */
  readonly folder: string;
  readonly size: number;
  readonly days: number;
  readonly report: Report;
  /** Is given what there is to see, about once a second. */
  readonly watch: (frame: Frame) => void;
}

/** The demo after its last day: everything still runs, time goes at its usual pace. */
export interface ReplayedUser {
  readonly stack: Stack;
  readonly database: Database;
  readonly definitions: LoadedDefinitions;
  readonly people: People;
  readonly mail: MailReader;
  /** The last moment of the last day, epoch milliseconds of the journey clock. */
  readonly endedAt: number;
  /** How fast time went until then. */
  readonly speed: number;
  /** The longest an event was seen to wait; real milliseconds. */
  readonly worstLagMs: number;
  /** Has all that was begun come to its end? */
  readonly settled: boolean;
}

/**
 * Puts up a stack in fast time and lets people live on it for some days. Then they rest, time slows down to that of the
 * real clock (so that what can be seen stays as it is), and what is under way is settled.
 */
export async function live(teardown: Teardown, options: DemoOptions): Promise<ReplayedUser> {
  const { folder, size, days, report, watch } = options;
  const heeded = Object.entries(process.env).filter(([name, value]) => HEEDED.has(name) && value !== '');
  const settings = readEnvironment({ ...DEFAULTS, ...Object.fromEntries(heeded) });
  await requireApiPort(settings);
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
  const clock = await loadClock(database.knex, config.speed);
  const mail = new MailReader(pages.mailbox ?? '');
  const startedAt = clock.now();
  let worstLagMs = 0;
  const people = teardown.add(startPeople({ config, mail, push, clock, size }));
  for await (const frame of frames({ database, definitions, clock, startedAt, days })) {
    watch(frame);
    worstLagMs = Math.max(worstLagMs, frame.lagMs);
  }
  await people.stop();
  // Said before they stop, lest days go by meanwhile.
  const calm = await loadClock(database.knex, 1);
  await ours.stop();
  await startOurs({ ...config, speed: 1 }, ours);
  const settled = await until('everything is settled', () => isSettled(database.pool, calm.now())).catch(() => false);
  return {
    stack,
    database,
    definitions,
    people,
    mail,
    endedAt: startedAt + days * DAY_MS,
    speed: config.speed,
    worstLagMs,
    settled,
  };
}
