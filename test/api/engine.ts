import { advance } from '../../engine/advance/advance';
import { loadUser, NOTHING_MORE, extendLoad } from '../../store/state-load';
import { saveUser } from '../../store/state-save';
import type { TestApi } from './server';

/** Advances a user as a worker would, and delivers nothing. */
export async function advanceUser({ database: { pool }, definitions, deps }: TestApi, userId: string): Promise<void> {
  let wants = NOTHING_MORE;
  for (;;) {
    const loaded = await loadUser(pool, definitions, userId, wants);
    if (!loaded) throw new Error(`There is no user ${userId}.`);
    const advanced = await advance(loaded.state, deps.clock.now(), definitions);
    if (advanced.kind === 'missing history') wants = await extendLoad(pool, userId, wants, advanced.request);
    else if (await saveUser(pool, loaded, advanced, 1)) return;
  }
}
