import type { LivedEvent, Life } from '../../engine/compare/life';
import { CALLED } from '../../engine/user/commands';
import type { Definitions } from '../../engine/definitions/definitions';
import { channelOf } from '../../engine/model/consent';
import type { Json, JsonObject } from '../../engine/model/json';
import { runOfReaction } from '../../engine/model/message-reaction';

/** Properties and traits that are not personal and decide when things happen. */
const ALWAYS_KEPT = ['timezone', 'timeZone'];
/** Larger numbers are replaced, because they may be phone or account numbers. */
const LARGEST_KEPT_NUMBER = 999_999;

/**
 * Replaces the values of a history that may be personal: all text that does not occur in the journeys themselves, and large
 * numbers. Equal values get equal replacements. Property names and times stay.
 * @param keep names of properties and traits to leave as they are
 */
export function pseudonymous(life: Life, definitions: Definitions, keep: readonly string[]): Life {
  const known = vocabulary(definitions);
  const replaced = new Map<Json, Json>();
  const replacement = (value: string | number): Json => {
    const number = replaced.size + 1;
    if (typeof value === 'number') return LARGEST_KEPT_NUMBER + number;
    return value.includes('@') ? `person-${number}@example.com` : `text-${number}`;
  };
  const replace = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value === 'object' && value !== null) return replaceAll(value);
    const harmless = typeof value === 'number' ? Math.abs(value) <= LARGEST_KEPT_NUMBER : known.has(String(value));
    if (harmless || (typeof value !== 'string' && typeof value !== 'number')) return value;
    const other = replaced.get(value) ?? replacement(value);
    replaced.set(value, other);
    return other;
  };
  const replaceAll = (object: JsonObject, structure: readonly string[] = []): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [
        name,
        [...keep, ...ALWAYS_KEPT, ...structure].includes(name) ? value : replace(value),
      ]),
    );
  const events = life.events.map((event) => ({
    ...event,
    properties: replaceAll(event.properties, structureOf(event)),
  }));
  return { ...life, traits: replaceAll(life.traits), events };
}

/** The names of all properties and traits of a life. */
export function namesIn({ traits, events }: Life): string[] {
  const names = new Set<string>();
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) names.add(name);
      visit(inner);
    }
  };
  for (const properties of [traits, ...events.map((event) => event.properties)]) visit(properties);
  return [...names];
}

/**
 * The properties by which Sojourn finds what an event of its own belongs to. They are not personal. The ids of runs and messages
 * are replaced later, by those that they get under the new user id.
 */
function structureOf(event: LivedEvent): readonly string[] {
  if (event.name === CALLED) return ['run', 'step', 'failed'];
  if (event.type === 'consent') return ['channel', 'topic', 'frequency'];
  if (channelOf(event)) return ['channel'];
  return runOfReaction(event) === null ? [] : ['message', 'journey', 'run', 'step', 'slot'];
}

/** Returns the string literals in the code and options of the journeys. A reader of the test can see them there anyway. */
function vocabulary({ journeys, lifecycle, outlines }: Definitions): Set<string> {
  const asText = (_: string, value: unknown): unknown => (typeof value === 'function' ? value.toString() : value);
  const written = JSON.stringify([journeys, lifecycle, [...outlines]], asText);
  return new Set([...written.matchAll(/(["'`])((?:(?!\1).){1,80}?)\\?\1/g)].map(([, , text = '']) => text));
}
