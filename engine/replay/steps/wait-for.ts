import { z } from 'zod';
import { anyOf, definitionsOf, type AnyOf, type EventDefinition, type OccurrenceOf } from '../../authoring/event';
import { exampleOf } from '../../authoring/example';
import type { WaitOptions } from '../../authoring/journey';
import { awaitedEvent, duration, namedEvent, readEvent, stepName, type EventForm } from '../../authoring/json-fields';
import { declaredName } from '../../model/activity';
import { toMs, type Duration } from '../../model/duration';
import type { Json } from '../../model/json';
import type { RecordedEvent } from '../../model/state';
import { eventsFor, knownAt, meantOf, recorded } from '../../user/history';
import type { Branch, StepCall, StepForm, StepType } from './step-type';
import { deadline } from './waiting';

type Awaited = EventDefinition<unknown> | AnyOf;

/**
 * Waits for the earliest matching event that no earlier wait of the run has used. The answer is null when the time is up first.
 * @throws {TypeError} when `within` is not a duration
 */
function waitFor<A extends Awaited>(awaited: A, { within, since }: WaitOptions): StepCall<OccurrenceOf<A> | null> {
  const definitions = definitionsOf(awaited);
  const names = [...new Set(definitions.map(({ name }) => name))];
  const meant = meantOf(definitions);
  const ms = within === undefined ? null : toMs(within);
  return {
    kind: 'waitFor',
    text: within ?? 'no end',
    awaited: definitions,
    progress(context, record) {
      const { run, consumed, logicalTime, wallTime } = context;
      const until = ms === null ? null : deadline(context, record, record.enteredAt + ms);
      const { enteredAt } = record;
      const from = since === 'now' ? Math.max(run.since, enteredAt) : run.since;
      const match = eventsFor(context, { names, meant, since: from, watchedSince: enteredAt }).find(
        (event) => !consumed.has(event.id) && (until === null || knownAt(event, wallTime) <= until),
      );
      if (match) {
        consumed.add(match.id);
        return { done: { outcome: { ...recorded(match) }, reason: declaredName(match, names) } };
      }
      if (until !== null && logicalTime >= until) return { done: { outcome: null, reason: 'timeout' } };
      return { waiting: { until, reason: names.join(' or '), awaits: names } };
    },
    skip: () => ({ outcome: null }),
    answer: (outcome: Json) => outcome as OccurrenceOf<A> | null,
    branches: () => [
      ...definitions.map((definition): Branch => [definition.name, { ...exampleOf(definition) }]),
      ...(within === undefined ? [] : [['timeout', null] as const]),
    ],
  };
}

/** A wait of no time asks whether the event has happened before. In `explore` it lasts this long, so that the event can come. */
const INSTANT: Duration = '1 millisecond';

export interface WaitForForm extends StepForm {
  readonly kind: 'waitFor';
  readonly events: readonly EventForm[];
  readonly within?: Duration;
  readonly since?: 'now';
  readonly then?: readonly StepForm[];
  readonly otherwise?: readonly StepForm[];
}

export const WAIT_FOR: StepType<'waitFor', WaitForForm> = {
  kind: 'waitFor',
  bind:
    (perform) =>
    <const A extends Awaited>(step: string, awaited: A, options: WaitOptions = {}) =>
      perform(step, () => waitFor(awaited, options)),
  figure: 'reason',
  waitsForEvents: true,
  takesTime: true,
  label({ outcome, reason }, chosen) {
    const event = outcome === null ? null : (outcome as unknown as RecordedEvent).name;
    // The label of the choice also names the properties. It does not apply to an event from before the wait.
    return chosen?.event === event ? chosen.label : reason;
  },
  steer:
    (j, pilot) =>
    async (step: string, awaited: Awaited, options: WaitOptions = {}) => {
      const { within } = options;
      pilot.waits(step, definitionsOf(awaited), within !== undefined);
      const isInstant = within !== undefined && toMs(within) === 0;
      const event = await j.waitFor(step, awaited, isInstant ? { ...options, within: INSTANT } : options);
      return event && pilot.trackEvent(step, event as RecordedEvent);
    },
  json: {
    schema: (steps) =>
      z.strictObject({
        kind: z.literal('waitFor'),
        step: stepName,
        events: z.array(awaitedEvent).min(1).max(20),
        within: duration.exactOptional(),
        since: z.literal('now').exactOptional(),
        then: steps.exactOptional(),
        otherwise: steps.exactOptional(),
      }),
    async play({ step, events, within, since, then = [], otherwise = [] }, j, { event, waits }) {
      const options = { ...(within !== undefined && { within }), ...(since !== undefined && { since }) };
      const got = await j.waitFor(step, anyOf(...events.map((one) => readEvent(one, event))), options);
      waits.set(step, got as RecordedEvent | null);
      return got === null ? otherwise : then;
    },
    branches: ({ then = [], otherwise = [] }) => [
      { steps: then, path: ['then'] },
      { steps: otherwise, path: ['otherwise'] },
    ],
    events: ({ events }) => events.map((one, index) => namedEvent(one, ['events', index])),
  },
};
