import { journey, type Journey, type Steps } from '../authoring/journey';
import { readChoice, readEvent } from '../authoring/json-fields';
import type { ChannelSpec } from '../model/channels';
import type { Json } from '../model/json';
import { stepJson, stepNames, type PlayContext, type StepForm } from '../replay/steps';
import { triggerType } from '../user/triggers';
import { misfitsIn } from './mistakes';
import { lookupIn, type Catalogue, type JourneyDefinition } from './schema';
import { placedSteps } from './walk';

/**
 * Makes a journey from a definition. The same definition always makes a journey that decides the same. If an event is declared
 * and also in the catalogue, the catalogue wins.
 * @param own the channels of the team's own. Default: none
 * @throws {TypeError} when the definition has a mistake, such as an unknown event, or the id has not the form of one
 */
export function toJourney(
  id: string,
  definition: JourneyDefinition,
  catalogue: Catalogue,
  own?: readonly ChannelSpec[],
): Journey {
  const [misfit] = misfitsIn(definition, catalogue, own);
  if (misfit) throw new TypeError(`/${misfit.path.join('/')}: ${misfit.message}`);
  const event = lookupIn(definition, catalogue);
  const {
    enter,
    reenter,
    key,
    freshness,
    maxOpenRuns,
    exit = [],
    goal,
    transactional,
    priority,
    topic,
    onEdit,
    budget,
    steps,
  } = definition;
  const made = journey(
    id,
    {
      enter: triggerType(enter).json.read(enter, event),
      key: key === undefined ? undefined : ({ properties }) => textOf(properties[key]),
      exit: exit.map((one) => readEvent(one, event)),
      ...(reenter !== undefined && { reenter }),
      ...(freshness !== undefined && { freshness }),
      ...(maxOpenRuns !== undefined && { maxOpenRuns }),
      ...(goal && { goal: { ...goal, event: readChoice(goal, event) } }),
      ...(transactional !== undefined && { transactional }),
      ...(priority !== undefined && { priority }),
      ...(topic !== undefined && { topic }),
      ...(onEdit && { onEdit }),
      ...(budget && { budget }),
    },
    // The type of the entering event is not known for a definition.
    (j) => play(steps, j as Steps, { event, waits: new Map() }),
  );
  return { ...made, declares: placedSteps(steps).flatMap(({ step }) => stepNames(step)) };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

async function play(steps: readonly StepForm[], j: Steps, context: PlayContext): Promise<void> {
  for (const step of steps) await play((await stepJson(step)?.play(step, j, context)) ?? [], j, context);
}
