import { lifecycle, policy, type Journey } from '../../engine';
import { advance, type Advanced } from '../../engine/advance/advance';
import type { Definitions } from '../../engine/definitions/definitions';
import { compile } from '../../engine/outline/compile';
import { loadUser, type LoadedUser } from '../../store/state-load';
import type { TestDatabase } from './database';

/** A user as loaded, and what is decided about them. */
export interface Decided {
  readonly loaded: LoadedUser;
  readonly advanced: Advanced;
}

/** Definitions of these journeys, without stages and with the default policy. */
export function definitionsOf(...journeys: readonly Journey[]): Promise<Definitions> {
  return compile({ journeys, lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} });
}

/**
 * Loads a user, and decides about them as of `now`, epoch milliseconds. Nothing is saved.
 * @throws {Error} when there is no such user, or the engine asks for more of their history
 */
export async function decide(
  { pool }: Pick<TestDatabase, 'pool'>,
  definitions: Definitions,
  userId: string,
  now: number,
): Promise<Decided> {
  const loaded = await loadUser(pool, definitions, userId);
  const advanced = loaded && (await advance(loaded.state, now, definitions));
  if (!loaded || advanced?.kind !== 'advanced') throw new Error(`Expected '${userId}' to be decided.`);
  return { loaded, advanced };
}
