import { z } from 'zod';
import { eventPlace, type EventPlace } from '../../authoring/condition';
import { fields } from '../../authoring/fields';
import type { StartOptions, StartOutcome, StartRefusal } from '../../authoring/journey';
import { journeyId, stepName } from '../../authoring/json-fields';
import { endedJourney } from '../../model/ended';
import { copiesIn, secretsOf } from '../../model/forgetting';
import { messageId } from '../../model/ids';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import { MAX_STARTS, MAX_TRACKED_BYTES } from '../../model/limits';
import { withSource } from '../../model/tracked';
import { admissionBy } from '../../user/commands';
import { enter } from '../../user/entry';
import type { StepContext } from '../context';
import { hopsSoFar, lastEvent } from './hops';
import { readEvents } from './read-events';
import { instant, type Branch, type Done, type StepCall, type StepForm, type StepType } from './step-type';
import { factsRead, factsReadBy, valueForms, valueOf, valuesOf, type ValueForms } from './value-forms';

/** A journey, or its id. */
type Course = string | { readonly id: string };

const REFUSALS: Readonly<Record<StartRefusal, string>> = {
  unknown: 'there is no such journey',
  inside: 'already inside',
  before: 'entered before',
  'open runs': 'at the limit of open runs',
  starts: `${MAX_STARTS} runs were started at this instant`,
  size: `more than ${MAX_TRACKED_BYTES} bytes`,
};

/** In `explore`, stands for a journey that nobody enters, and says whether its start is refused. */
class Assumed {
  constructor(
    readonly id: string,
    readonly refused: StartRefusal | null,
  ) {}
}

/** Lets the user enter another journey, at the instant that is decided. */
function start(course: Course, options: StartOptions): StepCall<StartOutcome> {
  const id = typeof course === 'string' ? course : course.id;
  const call = {
    kind: 'start',
    text: id,
    leadsTo: { journey: id },
    skip: () => ({ outcome: null }),
    answer: outcomeOf,
    branches: () =>
      [started(id, null), started(id, 'inside')].map(({ outcome }): Branch => [labelOf(outcome), outcome]),
  } satisfies Omit<StepCall<StartOutcome>, 'progress'>;
  return instant(call, (context) =>
    started(id, course instanceof Assumed ? course.refused : startNow(context, id, options)),
  );
}

function started(journey: string, refused: StartRefusal | null): Done {
  const reason = refused === null ? journey : `${journey}: ${REFUSALS[refused]}`;
  return { outcome: { journey, entered: refused === null, refused }, reason };
}

/** Lets the user enter. Returns why not; null when they have entered. */
function startNow(context: StepContext, id: string, { key, data = {} }: StartOptions): StartRefusal | null {
  const { draft, definitions, run, step, logicalTime } = context;
  const journey = definitions.journeys.find((one) => one.id === id);
  if (!journey) return 'unknown';
  const given = copyOf(data);
  if (Buffer.byteLength(JSON.stringify(given)) > MAX_TRACKED_BYTES) return 'size';
  if (draft.runs.all.filter((one) => one.startedBy && one.enteredAt === logicalTime).length >= MAX_STARTS)
    return 'starts';
  const source = { journey: run.journey, step, hops: hopsSoFar(context) };
  const forgetAt = copiesIn(given, secretsOf(run, context.journal.values()));
  const event = {
    id: messageId(run.id, step),
    name: id,
    at: logicalTime,
    properties: withSource(given, source),
    ...(forgetAt && { forgetAt }),
  };
  const admission = admissionBy(journey, event, key === undefined ? undefined : String(key));
  // A run that is being decided can't start itself anew.
  if (id === run.journey && admission.key === run.key) return 'inside';
  const startedBy = { run: run.id, journey: run.journey, step };
  const refused = enter(context, { ...admission, cause: lastEvent(context).id, startedBy }, logicalTime);
  // What happens now is never too old.
  return refused as StartRefusal | null;
}

function outcomeOf(outcome: Json): StartOutcome {
  const { entered, refused } = (outcome ?? {}) as Partial<Record<'entered' | 'refused', Json>>;
  return entered === true
    ? { entered, refused: null }
    : { entered: false, refused: (refused ?? null) as StartRefusal | null };
}

function labelOf(outcome: Json): string {
  return outcomeOf(outcome).entered ? 'entered' : 'refused';
}

/**
 * Can the event still come that a journey has ended? Only if the run has started it, and has not been told of its end. Any other event
 * can.
 */
export function mayCome(name: string, { draft, run, journal }: StepContext): boolean {
  const course = endedJourney(name);
  if (course === null) return true;
  const { endings = [] } = run;
  const over = new Set(endings.map(({ properties }) => properties['step']));
  const isStarted = [...journal.values()].some(({ kind, step, outcome }) => {
    if (kind !== 'start' || over.has(step)) return false;
    return outcomeOf(outcome ?? null).entered && (outcome as JsonObject)['journey'] === course;
  });
  if (isStarted) return true;
  // An edit may have replaced the start by a step of another kind, so the run is looked for, too. In `explore` there is no such run.
  const told = new Set(endings.map(({ id }) => id));
  return draft.runs.all.some(
    ({ id, journey, startedBy }) => startedBy?.run === run.id && journey === course && !told.has(id),
  );
}

export interface StartForm extends StepForm {
  readonly kind: 'start';
  readonly journey: string;
  readonly key?: string | EventPlace;
  readonly data?: ValueForms;
  readonly then?: readonly StepForm[];
  readonly otherwise?: readonly StepForm[];
}

export const START: StepType<'start', StartForm> = {
  kind: 'start',
  bind:
    (perform) =>
    (step, course, options = {}) =>
      perform(step, () => start(course, options)),
  describe: (outcome) => (outcomeOf(outcome).entered ? 'started' : 'refused'),
  tells: (outcome) => ({ ...outcomeOf(outcome) }),
  figure: 'reason',
  label: ({ outcome }, chosen) => chosen?.label ?? labelOf(outcome),
  steer: (j, pilot) => (step, course, options) => {
    const id = typeof course === 'string' ? course : course.id;
    pilot.notes.starts(step, course);
    const compared = (Object.keys(REFUSALS) as StartRefusal[]).filter((one) => pilot.compares(one));
    const chosen = pilot.choose(step, ['entered', 'refused', ...compared]);
    const refused = chosen === 'entered' ? null : chosen === 'refused' ? 'inside' : chosen;
    return j.start(step, new Assumed(id, refused), options);
  },
  json: {
    schema: (steps) =>
      fields({
        kind: z.literal('start').meta({ description: 'Lets the user enter another journey' }),
        step: stepName,
        journey: journeyId.meta({ description: 'The journey to enter, whatever its trigger' }),
        key: z
          .union([z.string().min(1).max(500), eventPlace], 'must be a key, or { var } with its place in an event')
          .exactOptional()
          .meta({
            description:
              'The key of the run, at most 500 characters, or its place in an event. A journey without keys ignores it. Default: the key in `data`',
          }),
        data: valueForms.exactOptional().meta({
          description:
            'What the journey gets as the properties of its trigger, at most 32 KB. A value may be its place in an event',
        }),
        then: steps.exactOptional().meta({ description: 'The steps if the user entered' }),
        otherwise: steps
          .exactOptional()
          .meta({ description: 'The steps if the user did not enter, such as when they are inside' }),
      }),
    async play({ step, journey, key, data = {}, then = [], otherwise = [] }, j, { waits }) {
      const events = readEvents(j, waits);
      const given = key === undefined ? undefined : valueOf(key, events);
      const { entered } = await j.start(step, journey, {
        data: valuesOf(data, events),
        ...((typeof given === 'string' || typeof given === 'number') && { key: given }),
      });
      return entered ? then : otherwise;
    },
    branches: ({ then = [], otherwise = [] }) => [
      { steps: then, path: ['then'] },
      { steps: otherwise, path: ['otherwise'] },
    ],
    reads: ({ key = '', data = {} }) => [...factsReadBy(key, ['key']), ...factsRead(data, ['data'])],
  },
};
