import { unknownChannels, type NamedChannel } from '../authoring/channel-fields';
import { ANY_ACTIVITY_IS_NO_TRIGGER } from '../authoring/event';
import type { Redirection } from '../authoring/journey';
import { keysOf } from '../authoring/filter';
import { hasProperty } from '../authoring/has-property';
import {
  namedChoice,
  namedEvent,
  type Lookup,
  type Mistake,
  type NamedEvent,
  type Path,
} from '../authoring/json-fields';
import { ANY_EVENT_NAME } from '../model/activity';
import type { ChannelSpec } from '../model/channels';
import { stepJson, stepNames } from '../replay/steps';
import { triggerType } from '../user/triggers';
import { misreadEvents } from './misread-events';
import { eventNamed, lookupIn, type Catalogue, type JourneyDefinition } from './schema';
import { placedSteps, type Placed } from './walk';

/** The most steps of a definition, which is also the most steps of a path in an outline. */
const MOST_STEPS = 200;

/**
 * All mistakes in a new definition that the schema can't find. The definition is accepted if there are none.
 * @param own the channels of the team's own. Default: none
 */
export function mistakesIn(
  definition: JourneyDefinition,
  catalogue: Catalogue,
  own?: readonly ChannelSpec[],
): Mistake[] {
  const misfits = misfitsIn(definition, catalogue, own);
  const placed = placedSteps(definition.steps);
  const lookup = lookupIn(definition, catalogue);
  return [
    ...misfits,
    ...declaredAgain(definition, catalogue),
    ...placed.flatMap(({ step, path }) => placedAt(path, stepJson(step)?.newMistakes?.(step))),
    // What an event has can be told only when all events are known.
    ...(misfits.length > 0
      ? []
      : [...misreadEvents(definition, placed, lookup), ...misfiltered(definition, placed, lookup)]),
  ];
}

/**
 * The mistakes that the schema can't find and with which a definition can't run. Nothing else is checked in a published
 * definition, so that a new event in the catalogue, or a new rule, does not stop it.
 * @param own the channels of the team's own. Default: none
 */
export function misfitsIn(
  definition: JourneyDefinition,
  catalogue: Catalogue,
  own?: readonly ChannelSpec[],
): Mistake[] {
  const { events = {}, steps } = definition;
  const known = (name: string): boolean =>
    name === ANY_EVENT_NAME || eventNamed(name, catalogue) !== undefined || Object.hasOwn(events, name);
  const placed = placedSteps(steps);
  const named = placed.flatMap(({ step, path }) => stepNames(step).map((name) => [name, path] as const));
  const first = new Map(named.toReversed());
  return [
    ...eventNames(definition, placed)
      .filter(({ name }) => !known(name))
      .map(({ name, path }) => ({
        path,
        message: `There is no event '${name}': declare it in the catalogue or in events.`,
      })),
    ...enteringNames(definition)
      .filter(({ name }) => name === ANY_EVENT_NAME)
      .map(({ path }) => ({ path, message: ANY_ACTIVITY_IS_NO_TRIGGER })),
    ...eventNames(definition, placed).flatMap(({ name, where }) =>
      where && name === ANY_EVENT_NAME
        ? [{ path: where.path, message: "Any activity (*) can't be narrowed: name an event." }]
        : [],
    ),
    ...named
      .filter(([name, path]) => first.get(name) !== path)
      .map(([name, path]) => ({ path: [...path, 'step'], message: `Two steps are named '${name}'.` })),
    ...unknownChannels(channelsIn(placed), own),
    ...placed.flatMap(({ step, path }) => placedAt(path, stepJson(step)?.mistakes?.(step))),
    ...redirections(definition).flatMap(({ from, to, path }) => {
      if (from === to) return [{ path: [...path, 'to'], message: `'${to}' can't lead to itself.` }];
      return first.has(to) ? [] : [{ path: [...path, 'to'], message: `There is no step '${to}'.` }];
    }),
    ...(named.length > MOST_STEPS ? [{ path: ['steps'], message: `Expected at most ${MOST_STEPS} steps.` }] : []),
  ];
}

/** The same with its place in the whole definition. */
function within(path: Path, named: NamedEvent): NamedEvent {
  const { where } = named;
  const at = (inner: Path): Path => [...path, ...inner];
  return { ...named, path: at(named.path), ...(where && { where: { ...where, path: at(where.path) } }) };
}

/** The channels that the steps of a definition name, with their places. */
export function channelsIn(placed: readonly Placed[]): NamedChannel[] {
  return placed.flatMap(({ step, path }) =>
    (stepJson(step)?.channels?.(step) ?? []).map((named) => ({ ...named, path: [...path, ...named.path] })),
  );
}

function placedAt(path: Path, mistakes: readonly Mistake[] = []): Mistake[] {
  return mistakes.map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] }));
}

/** The filters of properties that the event does not have. */
function misfiltered(definition: JourneyDefinition, placed: readonly Placed[], lookup: Lookup): Mistake[] {
  return eventNames(definition, placed).flatMap(({ name, where }) => {
    const event = lookup(name);
    return Object.keys(where?.tests ?? {})
      .filter((property) => !hasProperty(event, keysOf(event.example, property)))
      .map((property) => ({
        path: [...(where?.path ?? []), property],
        message: `'${name}' has no '${property}', by its example and schema.`,
      }));
  });
}

function declaredAgain({ events = {} }: JourneyDefinition, catalogue: Catalogue): Mistake[] {
  return Object.keys(events)
    .filter((name) => name === ANY_EVENT_NAME || eventNamed(name, catalogue) !== undefined)
    .map((name) => ({ path: ['events', name], message: `'${name}' is already an event: choose another name.` }));
}

function redirections({ onEdit = [] }: JourneyDefinition): (Redirection & { readonly path: Path })[] {
  if (!Array.isArray(onEdit)) return [{ ...onEdit, path: ['onEdit'] }];
  return onEdit.map((one, index) => ({ ...one, path: ['onEdit', index] }));
}

function enteringNames({ enter }: JourneyDefinition): NamedEvent[] {
  return triggerType(enter)
    .json.events(enter)
    .map((named) => within(['enter'], named));
}

function eventNames(definition: JourneyDefinition, placed: readonly Placed[]): NamedEvent[] {
  const { exit = [], goal } = definition;
  return [
    ...enteringNames(definition),
    ...exit.map((one, index) => namedEvent(one, ['exit', index])),
    ...(goal ? namedChoice(goal, ['goal']) : []),
    ...placed.flatMap(({ step, path }) => (stepJson(step)?.events?.(step) ?? []).map((named) => within(path, named))),
  ];
}
