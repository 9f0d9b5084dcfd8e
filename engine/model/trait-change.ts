import type { Json, JsonObject } from './json';
import { getOwn } from './own-property';

/*
 * A change of a trait is an event that happens to the user. Its name has the trait in it, so that a user can await the changes of
 * one trait alone. It is stored only where a journey in force watches the trait.
 */

/** The names of the events begin with this. The name of the trait follows. */
export const TRAIT_CHANGED = 'Trait Changed: ';

/** What a trait was, and what it now is. */
export interface TraitChange {
  readonly trait: string;
  /** The value before; null if there was none. */
  readonly from: Json;
  /** The value now; null if there is none any more. */
  readonly to: Json;
}

/** The event of a change. */
export interface ChangedTrait {
  readonly name: string;
  readonly properties: TraitChange & JsonObject;
}

/** These traits are not of the user alone, and their parts are merged one by one. */
const MERGED_BY_PART: ReadonlySet<string> = new Set(['groups', 'fromContext']);

/** Can changes of a trait be watched? */
export function isWatchable(trait: string): boolean {
  return trait !== '' && !MERGED_BY_PART.has(trait);
}

/** The trait that an event of this name says has changed; null for any other event. */
export function traitChangedBy(name: string): string | null {
  const trait = name.startsWith(TRAIT_CHANGED) ? name.slice(TRAIT_CHANGED.length) : '';
  return isWatchable(trait) ? trait : null;
}

/** The traits whose changes events of these names tell. */
export function traitsWatchedBy(names: readonly string[]): string[] {
  return names.flatMap((name) => traitChangedBy(name) ?? []);
}

/**
 * The changes that setting traits makes, in the order of `watched`. A trait that is null is the same as none.
 * @param watched the traits whose changes matter
 */
export function changesOf(before: JsonObject, set: JsonObject, watched: readonly string[]): ChangedTrait[] {
  return watched.flatMap((trait) => {
    if (!Object.hasOwn(set, trait)) return [];
    const [from, to] = [getOwn(before, trait) ?? null, getOwn(set, trait) ?? null];
    return isSame(from, to) ? [] : [{ name: TRAIT_CHANGED + trait, properties: { trait, from, to } }];
  });
}

/** Are two values the same for PostgreSQL? The order of properties does not count. */
function isSame(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [of, other] = [Object.entries<Json>(a), new Map(Object.entries<Json>(b))];
  if (Array.isArray(a) !== Array.isArray(b) || of.length !== other.size) return false;
  return of.every(([key, value]) => {
    const same = other.get(key);
    return same !== undefined && isSame(value, same);
  });
}
