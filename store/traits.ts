import { MAX_TRAITS_BYTES } from '../engine/model/limits';

/** SQL: the time zone in these traits, read as the engine's `zoneOf` reads it. */
export function zoneIn(traits: string): string {
  return `coalesce(${traits} ->> 'timezone', ${traits} ->> 'timeZone', ${traits} -> 'fromContext' ->> 'timezone')`;
}

/**
 * SQL: whether a user's traits stay within their limit when these are merged into them. Both arguments are SQL expressions. See
 * `traits_fit` in migrations/0023_bounds_per_user.ts.
 */
export function traitsFit(own: string, added: string): string {
  return `traits_fit(${own}, ${added}, ${MAX_TRAITS_BYTES})`;
}
