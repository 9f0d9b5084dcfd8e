import { ANY_EVENT_NAME } from '../authoring/event';
import { ANYTHING_LETS_IN } from '../authoring/trigger';
import type { Redirection } from '../authoring/journey';
import type { Catalogue, DefinedStep, JourneyDefinition } from './schema';
import { placedSteps, type Path } from './walk';

/** Something wrong with a definition, and where. */
export interface Mistake {
  readonly path: Path;
  readonly message: string;
}

/** More than a person can follow, and as many as one path of an outline may have. */
const MOST_STEPS = 200;

/** What a schema can't see and a new definition is refused for. None when all is well. */
export function mistakesIn(definition: JourneyDefinition, catalogue: Catalogue): Mistake[] {
  return [
    ...misfitsIn(definition, catalogue),
    ...declaredAgain(definition, catalogue),
    ...placedSteps(definition.steps).flatMap(({ step, path }) => numberedVariants(step, path)),
  ];
}

/**
 * Of these what keeps a definition from running: names that are used twice or stand for nothing. What was published before is
 * asked no more than that, lest an event that is new in the catalogue, or a rule that is new here, stops it.
 */
export function misfitsIn(definition: JourneyDefinition, catalogue: Catalogue): Mistake[] {
  const { events = {}, steps } = definition;
  const known = (name: string): boolean =>
    name === ANY_EVENT_NAME || catalogue.has(name) || Object.hasOwn(events, name);
  const placed = placedSteps(steps);
  const first = new Map(placed.map(({ step, path }) => [step.step, path] as const).reverse());
  return [
    ...eventNames(definition)
      .filter(({ name }) => !known(name))
      .map(({ name, path }) => ({
        path,
        message: `There is no event '${name}': declare it in the catalogue or in events.`,
      })),
    ...('event' in definition.enter && definition.enter.event === ANY_EVENT_NAME
      ? [{ path: ['enter', 'event'], message: ANYTHING_LETS_IN }]
      : []),
    ...placed
      .filter(({ step, path }) => first.get(step.step) !== path)
      .map(({ step, path }) => ({ path: [...path, 'step'], message: `Two steps are named '${step.step}'.` })),
    ...placed.flatMap(({ step, path }) => mistakesInStep(step, path)),
    ...redirections(definition).flatMap(({ from, to, path }) => {
      if (from === to) return [{ path: [...path, 'to'], message: `'${to}' can't lead to itself.` }];
      return first.has(to) ? [] : [{ path: [...path, 'to'], message: `There is no step '${to}'.` }];
    }),
    ...(placed.length > MOST_STEPS ? [{ path: ['steps'], message: `Not more than ${MOST_STEPS} steps.` }] : []),
  ];
}

function declaredAgain({ events = {} }: JourneyDefinition, catalogue: Catalogue): Mistake[] {
  return Object.keys(events)
    .filter((name) => name === ANY_EVENT_NAME || catalogue.has(name))
    .map((name) => ({ path: ['events', name], message: `'${name}' is an event already.` }));
}

/** Variants become the keys of an object, where whole numbers go first: an experiment would lose the order it assigns by. */
function numberedVariants(step: DefinedStep, path: Path): Mistake[] {
  if (step.kind !== 'experiment') return [];
  return step.variants.flatMap(({ name }, index) =>
    /^\d+$/.test(name)
      ? [{ path: [...path, 'variants', index, 'name'], message: `'${name}' can't be a number only.` }]
      : [],
  );
}

function mistakesInStep(step: DefinedStep, path: Path): Mistake[] {
  if (step.kind === 'award' && step.points === undefined && step.badge === undefined)
    return [{ path, message: 'An award needs points or a badge.' }];
  if (step.kind === 'send') return repeated(step.messages, ({ channel }) => channel, [...path, 'messages'], 'channel');
  if (step.kind === 'experiment') return repeated(step.variants, ({ name }) => name, [...path, 'variants'], 'name');
  return [];
}

function redirections({ onEdit = [] }: JourneyDefinition): (Redirection & { readonly path: Path })[] {
  if (!Array.isArray(onEdit)) return [{ ...onEdit, path: ['onEdit'] }];
  return onEdit.map((one, index) => ({ ...one, path: ['onEdit', index] }));
}

function repeated<Item>(items: readonly Item[], keyOf: (item: Item) => string, path: Path, field: string): Mistake[] {
  const keys = items.map(keyOf);
  return keys.flatMap((key, index) =>
    keys.indexOf(key) === index ? [] : [{ path: [...path, index, field], message: `'${key}' is there already.` }],
  );
}

function eventNames({
  enter,
  exit = [],
  goal,
  steps,
}: JourneyDefinition): { readonly name: string; readonly path: Path }[] {
  return [
    ...('event' in enter ? [{ name: enter.event, path: ['enter', 'event'] }] : []),
    ...exit.map((name, index) => ({ name, path: ['exit', index] })),
    ...(goal ? [{ name: goal.event, path: ['goal', 'event'] }] : []),
    ...placedSteps(steps).flatMap(({ step, path }) =>
      step.kind === 'waitFor' ? step.events.map((name, index) => ({ name, path: [...path, 'events', index] })) : [],
    ),
  ];
}
