import { z } from 'zod';
import { INTERNAL_PREFIX } from '../model/activity';
import { toMs, type Duration } from '../model/duration';
import type { LocalTime } from '../model/zone';
import type { EventDefinition } from './event';

/*
 * The fields that journeys made of data are built from. Each kind of trigger and of step makes its own form of them.
 */

/** A form is told from others by its kind. */
export interface JsonForm {
  readonly kind: string;
}

/** The schema of a form, which can be one of several told apart by their kind. */
export type FormSchema<Form> = z.ZodType<Form> & z.core.$ZodTypeDiscriminable;

/** Finds the event of a name. */
export type Lookup = (name: string) => EventDefinition<unknown>;

/** Where something is in a definition: the keys that lead there. */
export type Path = readonly (string | number)[];

/** A name of an event, and where it stands. */
export interface NamedEvent {
  readonly name: string;
  readonly path: Path;
}

/** Something wrong with a definition, and where. */
export interface Mistake {
  readonly path: Path;
  readonly message: string;
}

/** Anything else `toMs` could object to is ruled out by the pattern. */
function isShortEnough(text: Duration): boolean {
  try {
    return toMs(text) >= 0;
  } catch {
    return false;
  }
}

/** A span of time. */
export const duration = z
  .custom<Duration>(
    (value) => typeof value === 'string' && /^\d+(\.\d+)? (millisecond|second|minute|hour|day|week)s?$/.test(value),
    "must be a duration such as '48 hours' or '14 days'",
  )
  .refine(isShortEnough, 'is too long')
  .meta({ type: 'string', examples: ['48 hours', '14 days'] });

/** The name of an event. */
export const eventName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !text.startsWith(INTERNAL_PREFIX), `must not begin with ${INTERNAL_PREFIX}`)
  .meta({ description: 'An event of the catalogue or of `events`' });

/** The name of an event to wait for; `*` is anything the user does. */
export const awaitedName = eventName.meta({
  description: 'An event of the catalogue or of `events`; * is anything the user does',
});

/** A time of day. */
export const timeOfDay = z.custom<LocalTime['at']>(
  (value) => typeof value === 'string' && /^([01]?\d|2[0-3]):[0-5]\d$/.test(value),
  "must be a time of day such as '09:00'",
);

/** A JSON object. */
export const json = z.record(z.string(), z.json());

/** The name of a step, a stage, a badge and the like. */
export const name = z.string().trim().min(1).max(100);

/** The name of a step. */
export const stepName = name.meta({ description: 'Unique within the journey: it is what survives an edit' });

/** Mistakes for those of a list that have the key of an earlier one. */
export function repeated<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  path: Path,
  field: string,
): Mistake[] {
  const keys = items.map(keyOf);
  return keys.flatMap((key, index) =>
    keys.indexOf(key) === index ? [] : [{ path: [...path, index, field], message: `'${key}' is listed twice.` }],
  );
}
