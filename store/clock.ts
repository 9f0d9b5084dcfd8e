import type { Knex } from 'knex';
import { fastClock, realClock, type Clock } from '../engine/model/clock';
import type { Database } from './database';
import { DatabaseTime } from './database-time';

interface ClockSetting {
  readonly real: number;
  readonly virtual: number;
  readonly speed: number;
}

/** Returns the clock of this installation without changing it, for programs that only read and end soon. */
export async function readClock({ pool, knex }: Database): Promise<Clock> {
  return clockOf(await keptClock(knex), await DatabaseTime.of(pool));
}

async function keptClock(knex: Knex): Promise<ClockSetting | undefined> {
  const [kept] = (await knex('settings').where({ name: 'clock' }).pluck('value')) as [ClockSetting?];
  return kept;
}

function clockOf(setting: ClockSetting | undefined, time: DatabaseTime): Clock {
  return setting ? fastClock(setting, time.now) : realClock(time.now);
}

/**
 * Returns the clock of this installation, and stores a change of its speed. At speed 1 it is the database's clock. Once time has run
 * fast it never goes back: the setting is kept with the data, and a clock of another speed continues from the time reached.
 * @param speed seconds of the journey clock for each real second
 * @param time real time, which is the database's
 */
export async function loadClock(knex: Knex, speed: number, time: DatabaseTime): Promise<Clock> {
  const kept = await keptClock(knex);
  if (!kept && speed === 1) return clockOf(undefined, time);
  if (kept?.speed === speed) return clockOf(kept, time);
  const real = time.now();
  const setting = { real, virtual: kept ? clockOf(kept, time).fromReal(real) : real, speed };
  await knex('settings')
    .insert({ name: 'clock', value: JSON.stringify(setting) })
    .onConflict('name')
    .merge();
  return clockOf(setting, time);
}
