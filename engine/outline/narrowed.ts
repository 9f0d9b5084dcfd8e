import type { EventDefinition } from '../authoring/event';
import { goalNames } from '../authoring/journey';
import { narrowedName, type NarrowedName } from '../authoring/narrowed';
import { isActivity } from '../model/activity';
import type { Definitions, Outline, Sources } from '../definitions/definitions';
import { allVersions } from '../definitions/versions';
import { enteringEvents } from '../user/triggers';

/**
 * What the definitions say of events that are narrowed by data.
 * @param outlines those of all versions of the journeys
 * @param reactsTo see `Definitions`
 */
export function narrowedIn(
  { journeys, lifecycle }: Pick<Sources, 'journeys' | 'lifecycle'>,
  outlines: readonly Outline[],
  reactsTo: readonly string[],
): Pick<Definitions, 'narrowed' | 'reactsToExactly'> {
  const versions = journeys.flatMap(allVersions);
  const fixed = [
    ...journeys.flatMap(enteringEvents),
    ...versions.flatMap(({ exitEvents = [], goal }) => [...exitEvents, ...(goal?.events ?? [])]),
  ].filter(isActivity);
  const fixedNames = fixed.flatMap((event) => narrowedName(event) ?? []);
  const narrowed = byName([
    ...fixedNames,
    ...outlines.flatMap(({ steps }) => steps.flatMap((step) => step.narrowed ?? [])),
  ]);
  const isWhole = (event: EventDefinition<unknown>): boolean => narrowedName(event) === null;
  const whole = new Set([
    ...lifecycle.rules.flatMap(({ when }) => (when.kind === 'event' ? [when.name] : [])),
    // The filter of a wait may have values of the run, which the outline does not know.
    ...outlines.flatMap(({ awaits }) => awaits),
    ...versions.flatMap(({ exit, exitEvents, goal }) => [
      ...(exitEvents ? [] : exit),
      ...(goal && !goal.events ? goalNames(goal) : []),
    ]),
    ...fixed.filter(isWhole).map(({ name }) => name),
  ]);
  const exactly = [
    ...reactsTo.filter((name) => whole.has(name) || !narrowed.has(name)),
    ...new Set(fixedNames.map(({ as }) => as)),
  ];
  return { narrowed, reactsToExactly: exactly };
}

function byName(all: readonly NarrowedName[]): ReadonlyMap<string, readonly NarrowedName[]> {
  const found = new Map<string, NarrowedName[]>();
  for (const one of new Map(all.map((each) => [each.as, each])).values())
    found.set(one.name, [...(found.get(one.name) ?? []), one]);
  return found;
}
