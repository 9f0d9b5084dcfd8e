import { activity, anyOf, ANY_EVENT_NAME, type EventDefinition } from '../authoring/event';
import { journey, type Journey, type Steps } from '../authoring/journey';
import type { Json } from '../model/json';
import { inactivity, manual, milestone, stage, type Trigger } from '../authoring/trigger';
import { holds } from './condition';
import { misfitsIn } from './mistakes';
import type { Catalogue, DefinedStep, JourneyDefinition } from './schema';
import { placedSteps } from './walk';

/**
 * Makes an ordinary journey of a definition. Pure: the same definition makes a journey that decides the same. Of an event that
 * is declared and in the catalogue, that of the catalogue is taken.
 * @throws {TypeError} when it names an event there is none of, or the id can't be one
 */
export function toJourney(id: string, definition: JourneyDefinition, catalogue: Catalogue): Journey {
  const [misfit] = misfitsIn(definition, catalogue);
  if (misfit) throw new TypeError(`/${misfit.path.join('/')}: ${misfit.message}`);
  const event = (name: string): EventDefinition<unknown> => {
    if (name === ANY_EVENT_NAME) return activity;
    const example = definition.events?.[name]?.example ?? {};
    return catalogue.get(name) ?? { kind: 'event', name, schema: null, example };
  };
  const { enter, reenter, key, exit = [], goal, transactional, onEdit, budget, steps } = definition;
  const made = journey(
    id,
    {
      enter: triggerOf(enter, event),
      key: key === undefined ? undefined : ({ properties }) => textOf(properties[key]),
      exit: exit.map(event),
      ...(reenter !== undefined && { reenter }),
      ...(goal && { goal: { ...goal, event: event(goal.event) } }),
      ...(transactional !== undefined && { transactional }),
      ...(onEdit && { onEdit }),
      ...(budget && { budget }),
    },
    // Of the entering event a definition knows no more than that it is one.
    (j) => play(steps, j as Steps, event),
  );
  return { ...made, declares: placedSteps(steps).map(({ step }) => step.step) };
}

type Lookup = (name: string) => EventDefinition<unknown>;

function triggerOf(enter: JourneyDefinition['enter'], event: Lookup): Trigger {
  switch (enter.kind) {
    case 'event':
      return event(enter.event);
    case 'milestone':
      return milestone(event(enter.event), enter.counts);
    case 'inactivity':
      return inactivity(enter.after);
    case 'stage':
      return stage(enter.stage);
    case 'manual':
      return manual();
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

async function play(steps: readonly DefinedStep[], j: Steps, event: Lookup): Promise<void> {
  for (const step of steps) await play(await perform(step, j, event), j, event);
}

/** Performs one step, and answers the branch to go on with. */
async function perform(step: DefinedStep, j: Steps, event: Lookup): Promise<readonly DefinedStep[]> {
  switch (step.kind) {
    case 'send': {
      const { messages, transactional, expires, data } = step;
      await j.send(step.step, Object.fromEntries(messages.map(({ channel, template }) => [channel, template])), {
        ...(transactional !== undefined && { transactional }),
        ...(expires !== undefined && { expires }),
        ...(data !== undefined && { data }),
      });
      return [];
    }
    case 'waitFor': {
      const { events, within, since, then = [], otherwise = [] } = step;
      const options = { ...(within !== undefined && { within }), ...(since !== undefined && { since }) };
      return (await j.waitFor(step.step, anyOf(...events.map(event)), options)) === null ? otherwise : then;
    }
    case 'sleep':
      await j.sleep(step.step, step.duration);
      return [];
    case 'sleepUntil':
      await j.sleepUntil(step.step, step.when);
      return [];
    case 'check': {
      const { if: condition, then = [], otherwise = [] } = step;
      const { name, at, properties } = j.event;
      const entered = { name, at, properties };
      return (await j.check(step.step, (facts) => holds(condition, { ...facts, event: entered }))) ? then : otherwise;
    }
    case 'experiment': {
      const weights = Object.fromEntries(step.variants.map(({ name, weight }) => [name, weight]));
      const variant = await j.experiment(step.step, weights);
      return step.variants.find(({ name }) => name === variant)?.steps ?? [];
    }
    case 'award': {
      const { points, badge } = step;
      await j.award(step.step, { ...(points !== undefined && { points }), ...(badge !== undefined && { badge }) });
      return [];
    }
    case 'exit':
      return j.exit(step.step, ...(step.reason === undefined ? [] : [step.reason]));
  }
}
