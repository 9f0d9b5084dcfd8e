import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../engine/model/clock';
import type { Definitions } from '../../engine/definitions/definitions';
import type { Lifecycle } from '../../engine/authoring/lifecycle';
import type { Database } from '../../store/database';
import { measureBacklog } from '../../store/pending';
import { takeCensus, type Census } from './census';

/** The state of the demo at one time. */
export interface Frame {
  readonly census: Census;
  /** All stages, in the order of the lifecycle. */
  readonly stages: readonly string[];
  readonly day: number;
  readonly days: number;
  readonly speed: number;
  /** Events stored per real second since the previous frame. */
  readonly eventsPerSecond: number;
  /** Age of the oldest pending event, real milliseconds. */
  readonly lagMs: number;
}

export interface FramesOptions {
  readonly database: Database;
  readonly definitions: Definitions;
  readonly clock: Clock;
  /** Epoch milliseconds of the journey clock. */
  readonly startedAt: number;
  readonly days: number;
}

const DAY_MS = 86_400_000;
/** Pause between frames, real milliseconds. */
const PAUSE_MS = 1_000;

/** Yields a frame about once a second, until the days are over. */
export async function* frames({ database, definitions, clock, startedAt, days }: FramesOptions): AsyncGenerator<Frame> {
  const journeys = definitions.journeys.map(({ id }) => id);
  const stages = stagesOf(definitions.lifecycle);
  let before = { at: Date.now(), events: 0 };
  for (;;) {
    const day = Math.floor((clock.now() - startedAt) / DAY_MS) + 1;
    if (day > days) return;
    const [census, { oldest }] = await Promise.all([takeCensus(database, journeys), measureBacklog(database)]);
    const lagMs = oldest === null ? 0 : Math.max(0, (clock.now() - oldest) / clock.speed);
    const now = { at: Date.now(), events: census.events };
    const eventsPerSecond = (1_000 * (now.events - before.events)) / Math.max(1, now.at - before.at);
    before = now;
    yield { census, stages, day, days, speed: clock.speed, eventsPerSecond, lagMs };
    await pause(PAUSE_MS);
  }
}

function stagesOf({ initial, rules }: Lifecycle): string[] {
  return [...new Set([initial, ...rules.flatMap(({ from, to }) => [...from, to])])];
}
