import { ANY_ACTIVITY_IS_NO_TRIGGER } from '../authoring/event';
import type { Redirection } from '../authoring/journey';
import type { Mistake, NamedEvent, Path } from '../authoring/json-fields';
import { ANY_EVENT_NAME } from '../model/activity';
import { stepJson } from '../replay/steps';
import { triggerType } from '../user/triggers';
import { misreadEvents } from './misread-events';
import { lookupIn, type Catalogue, type JourneyDefinition } from './schema';
import { placedSteps, type Placed } from './walk';

/** The most steps of a definition, which is also the most steps of a path in an outline. */
const MOST_STEPS = 200;

/** All mistakes in a new definition that the schema can't find. The definition is accepted if there are none. */
export function mistakesIn(definition: JourneyDefinition, catalogue: Catalogue): Mistake[] {
  const misfits = misfitsIn(definition, catalogue);
  const placed = placedSteps(definition.steps);
  return [
    ...misfits,
    ...declaredAgain(definition, catalogue),
    ...placed.flatMap(({ step, path }) => within(path, stepJson(step)?.newMistakes?.(step))),
    // Which event a condition reads can be told only when all events are known.
    ...(misfits.length > 0 ? [] : misreadEvents(definition, placed, lookupIn(definition, catalogue))),
  ];
}

/**
 * The mistakes that the schema can't find and with which a definition can't run. Nothing else is checked in a published
 * definition, so that a new event in the catalogue, or a new rule, does not stop it.
 */
export function misfitsIn(definition: JourneyDefinition, catalogue: Catalogue): Mistake[] {
  const { events = {}, steps } = definition;
  const known = (name: string): boolean =>
    name === ANY_EVENT_NAME || catalogue.has(name) || Object.hasOwn(events, name);
  const placed = placedSteps(steps);
  const first = new Map(placed.map(({ step, path }) => [step.step, path] as const).reverse());
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
    ...placed
      .filter(({ step, path }) => first.get(step.step) !== path)
      .map(({ step, path }) => ({ path: [...path, 'step'], message: `Two steps are named '${step.step}'.` })),
    ...placed.flatMap(({ step, path }) => within(path, stepJson(step)?.mistakes?.(step))),
    ...redirections(definition).flatMap(({ from, to, path }) => {
      if (from === to) return [{ path: [...path, 'to'], message: `'${to}' can't lead to itself.` }];
      return first.has(to) ? [] : [{ path: [...path, 'to'], message: `There is no step '${to}'.` }];
    }),
    ...(placed.length > MOST_STEPS ? [{ path: ['steps'], message: `Expected at most ${MOST_STEPS} steps.` }] : []),
  ];
}

function within(path: Path, mistakes: readonly Mistake[] = []): Mistake[] {
  return mistakes.map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] }));
}

function declaredAgain({ events = {} }: JourneyDefinition, catalogue: Catalogue): Mistake[] {
  return Object.keys(events)
    .filter((name) => name === ANY_EVENT_NAME || catalogue.has(name))
    .map((name) => ({ path: ['events', name], message: `'${name}' is already an event: choose another name.` }));
}

function redirections({ onEdit = [] }: JourneyDefinition): (Redirection & { readonly path: Path })[] {
  if (!Array.isArray(onEdit)) return [{ ...onEdit, path: ['onEdit'] }];
  return onEdit.map((one, index) => ({ ...one, path: ['onEdit', index] }));
}

function enteringNames({ enter }: JourneyDefinition): NamedEvent[] {
  return triggerType(enter)
    .json.events(enter)
    .map(({ name, path }) => ({ name, path: ['enter', ...path] }));
}

function eventNames(definition: JourneyDefinition, placed: readonly Placed[]): NamedEvent[] {
  const { exit = [], goal } = definition;
  return [
    ...enteringNames(definition),
    ...exit.map((name, index) => ({ name, path: ['exit', index] })),
    ...(goal ? [{ name: goal.event, path: ['goal', 'event'] }] : []),
    ...placed.flatMap(({ step, path }) =>
      (stepJson(step)?.events?.(step) ?? []).map((named) => ({ name: named.name, path: [...path, ...named.path] })),
    ),
  ];
}
