import type { EventFact } from '../authoring/condition';
import type { EventDefinition } from '../authoring/event';
import { hasProperty } from '../authoring/has-property';
import type { Lookup, Mistake, Path } from '../authoring/json-fields';
import { isEventWait, stepJson } from '../replay/steps';
import { triggerType } from '../user/triggers';
import type { JourneyDefinition } from './schema';
import type { Placed } from './walk';

/** Where a wait is, seen from a step. */
type Place = 'before' | 'its event' | 'its time was up' | 'another branch' | 'later';

interface Wait {
  readonly name: string;
  readonly events: readonly EventDefinition<unknown>[];
  readonly place: Place;
}

/**
 * The facts about events in conditions that can't be meant: of a wait that is not over when the condition is decided, of a property
 * that the event does not have, and `event.…` where it could be the awaited event as well as the one that let the user enter.
 */
export function misreadEvents(
  { enter }: JourneyDefinition,
  placed: readonly Placed[],
  lookup: Lookup,
): readonly Mistake[] {
  const trigger = triggerType(enter).json.read(enter, lookup);
  const examples = triggerType(trigger)
    .examples(trigger)
    .map(([, { properties }]) => properties);
  const entering = triggerType(trigger)
    .events(trigger)
    .map((event) => ({ ...event, example: { ...event.example, ...examples[0] } }));
  return placed.flatMap(({ step, path }) => {
    const reads = stepJson(step)?.reads?.(step) ?? [];
    if (reads.length === 0) return [];
    const waits = waitsSeenFrom(path, placed, lookup);
    return reads.flatMap((fact) => {
      const message = fact.wait === null ? misreadEntering(fact, entering, waits) : misreadWait(fact, waits, placed);
      return message === null ? [] : [{ path: [...path, ...fact.path], message }];
    });
  });
}

function misreadEntering(
  { keys, isVague }: EventFact,
  entering: readonly EventDefinition<unknown>[],
  waits: readonly Wait[],
): string | null {
  const wait = waits.findLast(({ place, events }) => place === 'its event' && someHas(events, keys));
  const fact = keys.join('.');
  const ofWait = wait && `steps.${wait.name}.${fact} for the event of '${wait.name}'`;
  const isKnown = someHas(entering, keys);
  if (isVague && ofWait)
    return isKnown
      ? `Say which event you mean. Write entered.${fact} for the event that let the user enter, or ${ofWait}.`
      : `The event that let the user enter has no '${fact}'. Write ${ofWait}.`;
  // A user who enters by hand may bring any properties if the trigger is no event.
  if (isKnown || entering.length === 0) return null;
  return `${namesOf(entering)} has no '${fact}', by its example and schema.`;
}

function misreadWait(
  { wait: name, keys }: EventFact,
  waits: readonly Wait[],
  placed: readonly Placed[],
): string | null {
  const wait = waits.find((one) => one.name === name);
  if (!wait)
    return placed.some(({ step }) => step.step === name)
      ? `'${name}' does not wait for an event.`
      : `There is no step '${name}'.`;
  if (wait.place === 'later') return `'${name}' comes later, so there is no event of it yet.`;
  if (wait.place === 'another branch') return `'${name}' is in another branch, so there is no event of it here.`;
  if (wait.place === 'its time was up') return `There is no event of '${name}' here, because its time was up.`;
  const fact = keys.join('.');
  return someHas(wait.events, keys) ? null : `${namesOf(wait.events)} has no '${fact}', by its example and schema.`;
}

function waitsSeenFrom(path: Path, placed: readonly Placed[], lookup: Lookup): Wait[] {
  const places = new Set(placed.map((one) => one.path.join('/')));
  return placed.flatMap(({ step, path: at }) => {
    if (!isEventWait(step)) return [];
    const events = (stepJson(step)?.events?.(step) ?? []).map(({ name }) => lookup(name));
    return [{ name: step.step, events, place: placeOf(at, path, places) }];
  });
}

/**
 * Where a wait is, seen from a step.
 * @param places the places of all steps
 */
function placeOf(wait: Path, step: Path, places: ReadonlySet<string>): Place {
  const fork = step.findIndex((key, index) => key !== wait[index]);
  if (fork === wait.length) return step[fork] === 'then' ? 'its event' : 'its time was up';
  const isSameList = fork !== -1 && places.has(step.slice(0, fork + 1).join('/'));
  if (!isSameList) return fork === -1 ? 'later' : 'another branch';
  return Number(wait[fork]) < Number(step[fork]) ? 'before' : 'later';
}

function someHas(events: readonly EventDefinition<unknown>[], [field, ...keys]: readonly string[]): boolean {
  return events.some((event) => field !== 'properties' || hasProperty(event, keys));
}

function namesOf(events: readonly EventDefinition<unknown>[]): string {
  return events.map(({ name }) => `'${name}'`).join(' or ');
}
