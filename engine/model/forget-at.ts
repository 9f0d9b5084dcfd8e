import type { JsonObject } from './json';
import { getOwn } from './own-property';

/*
 * Some properties of events are kept for a stated time only, such as a link that lets its holder in. An event that has such
 * properties carries the times at which they are forgotten, and so does every copy of it.
 */

/** How long properties are kept after their event was received, by property, milliseconds. */
export type Forget = Readonly<Record<string, number>>;

/**
 * Until when properties are kept, by property, epoch milliseconds. It stays when a property is gone. Only properties that the event
 * had are in it.
 */
export type ForgetAt = Readonly<Record<string, number>>;

/**
 * When the properties of an event are forgotten.
 * @param receivedAt epoch milliseconds
 * @param known times that are known already. Of two times for a property, the earlier one holds
 * @returns undefined when none of its properties are
 */
export function forgetAtOf(
  forget: Forget | undefined,
  properties: JsonObject,
  receivedAt: number,
  known?: ForgetAt,
): ForgetAt | undefined {
  if (!forget) return known;
  const times = Object.entries(forget)
    .filter(([name]) => Object.hasOwn(properties, name))
    .map(([name, ms]) => [name, Math.min(receivedAt + ms, getOwn(known ?? {}, name) ?? Infinity)] as const);
  return times.length === 0 ? known : { ...known, ...Object.fromEntries(times) };
}
