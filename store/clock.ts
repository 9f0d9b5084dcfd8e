import type { Knex } from 'knex';
import { fastClock, systemClock, type Clock } from '../engine/model/clock';

interface ClockSetting {
  readonly real: number;
  readonly virtual: number;
  readonly speed: number;
}

/** The clock the data lives by, for somebody who only looks on. */
export async function readClock(knex: Knex): Promise<Clock> {
  const kept = await keptClock(knex);
  return kept ? fastClock(kept) : systemClock;
}

async function keptClock(knex: Knex): Promise<ClockSetting | undefined> {
  const [kept] = (await knex('settings').where({ name: 'clock' }).pluck('value')) as [ClockSetting?];
  return kept;
}

/**
 * The clock of this installation. Without speed it is the machine's; once time has run fast it never goes back: the
 * setting is kept with the data, and a change of speed goes on from the moment reached.
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
