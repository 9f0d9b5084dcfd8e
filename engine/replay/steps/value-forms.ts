import { apply } from 'json-logic-js';
import { z } from 'zod';
import { eventFactsOf, eventPlace, type EventFact, type EventPlace } from '../../authoring/condition';
import type { Path } from '../../authoring/json-fields';
import type { Json, JsonObject } from '../../model/json';
import type { ReadEvents } from './read-events';

/** Values in a journey made of data, by name: literals, or the places of values in events. */
export type ValueForms = Readonly<Record<string, Json>>;

const literal = z.json().refine((value) => !isPlace(value), 'must be a literal or the place of a property of an event');

/** The schema of values by name. */
export const valueForms: z.ZodType<ValueForms> = z.record(
  z.string().max(200),
  z.union([eventPlace, literal], 'must be a JSON value, or { var } with its place in an event'),
);

/** Is it the place of a value in an event? */
export function isPlace(value: Json): value is EventPlace {
  return typeof value === 'object' && value !== null && 'var' in value;
}

/** The value that a form stands for. */
export function valueOf(form: Json, events: ReadEvents): Json {
  return isPlace(form) ? (apply(form, events) as Json) : form;
}

/** The values that forms stand for. */
export function valuesOf(forms: ValueForms, events: ReadEvents): JsonObject {
  return Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, valueOf(form, events)]));
}

/**
 * The facts about events that forms read.
 * @param path the place of the forms
 */
export function factsRead(forms: ValueForms, path: Path): EventFact[] {
  return Object.entries(forms).flatMap(([name, form]) => factsReadBy(form, [...path, name]));
}

/**
 * The facts about events that a form reads.
 * @param path its place
 */
export function factsReadBy(form: Json, path: Path): readonly EventFact[] {
  return isPlace(form) ? eventFactsOf({ ...form }, path) : [];
}
