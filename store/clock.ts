import type { Knex } from 'knex';
import { fastClock, systemClock, type Clock } from '../engine/model/clock';

interface ClockSetting {
  readonly real: number;
  readonly virtual: number;
  readonly speed: number;
}

/** Returns the clock of this installation without changing it, for programs that only read. */
export async function readClock(knex: Knex): Promise<Clock> {
  const kept = await keptClock(knex);
  return kept ? fastClock(kept) : systemClock;
}

async function keptClock(knex: Knex): Promise<ClockSetting | undefined> {
  const [kept] = (await knex('settings').where({ name: 'clock' }).pluck('value')) as [ClockSetting?];
  return kept;
}

/**
 * Returns the clock of this installation, and stores a change of its speed. At speed 1 it is the machine's clock. Once time has run
 * fast it never goes back: the setting is kept with the data, and a clock of another speed continues from the time reached.
 * @param speed seconds of the journey clock for each real second
 */
export async function loadClock(knex: Knex, speed: number): Promise<Clock> {
  const kept = await keptClock(knex);
  if (!kept && speed === 1) return systemClock;
  if (kept?.speed === speed) return fastClock(kept);
  const real = Date.now();
  const setting = { real, virtual: kept ? fastClock(kept).fromReal(real) : real, speed };
  await knex('settings')
    .insert({ name: 'clock', value: JSON.stringify(setting) })
    .onConflict('name')
    .merge();
  return fastClock(setting);
}
