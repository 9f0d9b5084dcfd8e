import type { Pool } from 'pg';
import { advance, type Advanced } from '../engine/advance/advance';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { loadUser, NOTHING_MORE, extendLoad, type LoadedUser, type LoadExtension } from './state-load';

/** A user as loaded, and what is decided about them. Nothing of it is saved. */
export interface Decided {
  readonly loaded: LoadedUser;
  readonly advanced: Advanced;
  /** The moment it was decided at, epoch milliseconds of the journey clock. */
  readonly now: number;
}

/** Who decides, and when. */
export interface Decider {
  readonly pool: Pool;
  readonly definitions: DefinitionsProvider;
  /** The present of the journey clock, epoch milliseconds. */
  readonly now: () => number;
  /** May refuse the user by an error. */
  readonly check?: (loaded: LoadedUser) => void;
}

/** Loads a user and decides what is due, asking for as much more as the engine needs; null when there is no such user. */
export async function loadAndDecide(
  { pool, definitions, now, check }: Decider,
  userId: string,
): Promise<Decided | null> {
  let wants: LoadExtension = NOTHING_MORE;
  for (;;) {
    // Both of the same moment: others may be taken up while the user is loaded.
    const { current, changes } = definitions;
    const loaded = await loadUser(pool, current, userId, wants);
    if (!loaded) return null;
    if (loaded.changes > changes) {
      // Nobody is decided by journeys that were changed before: an event would be seen that only the new ones react to.
      await definitions.refresh();
      continue;
    }
    check?.(loaded);
    const moment = now();
    const advanced = await advance(loaded.state, moment, current);
    if (advanced.kind === 'advanced') return { loaded, advanced, now: moment };
    wants = await extendLoad(pool, userId, wants, advanced.request);
  }
}
