import { z } from 'zod';
import {
  activity,
  anyOf,
  definitionsOf,
  isOneOf,
  type AnyOf,
  type EventDefinition,
  type OccurrenceOf,
} from '../../authoring/event';
import { exampleOf } from '../../authoring/example';
import { fields } from '../../authoring/fields';
import type { CollectOptions } from '../../authoring/journey';
import { awaitedEvent, duration, namedEvent, readEvent, stepName, type EventForm } from '../../authoring/json-fields';
import { ANY_EVENT_NAME } from '../../model/activity';
import { optionMs, type Duration } from '../../model/duration';
import { withoutTimes } from '../../model/forgetting';
import { copyOf, type Json } from '../../model/json';
import { MAX_COLLECTED } from '../../model/limits';
import { shownName } from '../../model/shown-name';
import type { RecordedEvent } from '../../model/state';
import { eventsFor, knownAt, meantOf, recorded } from '../../user/history';
import type { StepContext } from '../context';
import type { Branch, StepCall, StepForm, StepType } from './step-type';
import { deadline } from './waiting';
import { eventsIn, toTemplates } from './wanted';

type Awaited = EventDefinition<unknown> | AnyOf;

/** The labels of its outcomes in `explore`. */
const [NONE, ONE, MOST] = ['none', 'one', 'most'];

/** Nobody is woken by what is collected, and only events with names are found afterwards. */
const ANY_ACTIVITY_IS_COUNTLESS = "Any activity (*) can't be collected: name an event.";

/** In `explore`, no event comes while time passes. */
const NOTHING: AnyOf = { kind: 'anyOf', events: [] };

/** @throws {TypeError} when there are no options */
function requireSpan(options: CollectOptions | undefined): void {
  if (!options) throw new TypeError("collect: expected how long to collect, such as { for: '10 minutes' }.");
}

/** An event that may be collected, and when it became known, epoch milliseconds. */
interface Found {
  readonly event: RecordedEvent;
  readonly at: number;
}

/**
 * Collects events from the first one on. The answer lists them in the order in which they happened.
 * @throws {TypeError} when a span is not a duration, any activity is collected, or `atMost` is not a whole number from 1 to the limit
 */
function collect<A extends Awaited>(awaited: A, options: CollectOptions): StepCall<OccurrenceOf<A>[]> {
  requireSpan(options);
  const { atMost } = options;
  const most = atMost ?? MAX_COLLECTED;
  if (!Number.isInteger(most) || most < 1 || most > MAX_COLLECTED)
    throw new TypeError(`atMost must be a whole number from 1 to ${MAX_COLLECTED}.`);
  const definitions = definitionsOf(awaited);
  const names = [...new Set(definitions.map(({ name }) => name))];
  if (names.includes(ANY_EVENT_NAME)) throw new TypeError(ANY_ACTIVITY_IS_COUNTLESS);
  const forMs = optionMs('for', options.for);
  const withinMs = options.within === undefined ? null : optionMs('within', options.within);
  return {
    kind: 'collect',
    text: options.for,
    awaited: definitions,
    progress(context, record) {
      const { enteredAt } = record;
      const found = search(context, definitions, enteredAt);
      const [earliest] = found;
      const since = record.collectsSince ?? (earliest && Math.max(enteredAt, earliest.at));
      const within = withinMs === null ? null : enteredAt + withinMs;
      const end = since === undefined ? within : since + forMs;
      // With the first event the wait gets another end. That is no edit.
      const until = end === null || since !== record.collectsSince ? end : deadline(context, record, end);
      const inTime = found.filter(({ at }) => until === null || at <= until).slice(0, most);
      if (inTime.length < most && (until === null || context.logicalTime < until)) {
        // Without `atMost`, what comes after the first event wakes nobody, and is found in the end.
        const awaits = since !== undefined && atMost === undefined ? [] : names;
        const reason = names.map(shownName).join(' or ');
        return { waiting: { until, reason, awaits, ...(since !== undefined && { collectsSince: since }) } };
      }
      const events = inTime.map(({ event }) => event).sort((a, b) => a.at - b.at);
      for (const { id } of events) context.consumed.add(id);
      return { done: { outcome: events.map((event) => ({ ...event })), reason: labelOf(events.length) } };
    },
    skip: () => ({ outcome: [] }),
    answer: (outcome) => eventsIn(outcome).map(withoutTimes) as unknown as OccurrenceOf<A>[],
    branches: () => [
      ...definitions.map((definition): Branch => [shownName(definition.name), [{ ...exampleOf(definition) }]]),
      ...(withinMs === null ? [] : [[NONE, []] satisfies Branch]),
    ],
  };
}

/** The events that no wait of the run has used, in the order in which they became known. The entering event is one of them. */
function search(context: StepContext, definitions: readonly EventDefinition<unknown>[], enteredAt: number): Found[] {
  const { run, consumed, wallTime } = context;
  const names = [...new Set(definitions.map(({ name }) => name))];
  const later = eventsFor(context, { names, meant: meantOf(definitions), since: run.since, watchedSince: enteredAt });
  const entering = isOneOf(run.trigger, definitions) ? [{ event: run.trigger, at: run.enteredAt }] : [];
  return [...entering, ...later.map((event) => ({ event: recorded(event), at: knownAt(event, wallTime) }))]
    .filter(({ event }) => !consumed.has(event.id))
    .sort((a, b) => a.at - b.at);
}

function labelOf(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

export interface CollectForm extends StepForm {
  readonly kind: 'collect';
  readonly events: readonly EventForm[];
  readonly for: Duration;
  readonly atMost?: number;
  readonly within?: Duration;
  readonly then?: readonly StepForm[];
  readonly otherwise?: readonly StepForm[];
}

export const COLLECT: StepType<'collect', CollectForm> = {
  kind: 'collect',
  bind:
    (perform) =>
    <const A extends Awaited>(step: string, awaited: A, options: CollectOptions) =>
      perform(step, () => collect(awaited, options)),
  describe: (outcome) => labelOf(Array.isArray(outcome) ? outcome.length : 0),
  doing: 'collects',
  tells: (outcome) => toTemplates(outcome ?? []),
  figure: null,
  takesTime: true,
  label: (_, chosen) => chosen?.label ?? '',
  steer:
    (j, pilot) =>
    async <const A extends Awaited>(step: string, awaited: A, options: CollectOptions) => {
      requireSpan(options);
      const { within, atMost = MAX_COLLECTED } = options;
      pilot.notes.awaits(step, definitionsOf(awaited));
      const chosen = pilot.choose(step, [ONE, MOST, ...(within === undefined ? [] : [NONE])]);
      // Only the time has to pass: the events are examples.
      const span = chosen === NONE && within !== undefined ? within : options.for;
      await j.collect(step, NOTHING, { ...options, for: span, within: span });
      const counts: Readonly<Record<string, number>> = { [ONE]: 1, [MOST]: atMost, [NONE]: 0 };
      const definitions = definitionsOf(awaited);
      const examples = Array.from({ length: counts[chosen] ?? 0 }, (_, n) =>
        exampleOf(definitions[n % definitions.length] ?? activity),
      );
      pilot.replaces(step, copyOf(examples) as unknown as Json);
      return examples.map((example) => pilot.trackEvent(step, example) as unknown as OccurrenceOf<A>);
    },
  json: {
    schema: (steps) =>
      fields({
        kind: z.literal('collect').meta({ description: 'Collects events for a while' }),
        step: stepName,
        events: z.array(awaitedEvent).min(1).max(20).meta({ description: 'What is collected: any of these events' }),
        for: duration.meta({
          description:
            'How long to collect, from the first event; from when the step is entered if the event came before',
        }),
        atMost: z.int().min(1).max(MAX_COLLECTED).exactOptional().meta({
          description:
            'The most events. When so many have come, the run goes on at once. Default: 100, and only time ends it',
        }),
        within: duration
          .exactOptional()
          .meta({ description: 'How long to wait for the first event, from when the step is entered' }),
        then: steps.exactOptional().meta({ description: 'The steps if an event came' }),
        otherwise: steps.exactOptional().meta({ description: 'The steps if none came in time' }),
      }),
    async play({ step, events, for: span, atMost, within, then = [], otherwise = [] }, j, { event }) {
      const options = { for: span, ...(atMost !== undefined && { atMost }), ...(within !== undefined && { within }) };
      const collected = await j.collect(step, anyOf(...events.map((one) => readEvent(one, event))), options);
      return collected.length > 0 ? then : otherwise;
    },
    branches: ({ then = [], otherwise = [] }) => [
      { steps: then, path: ['then'] },
      { steps: otherwise, path: ['otherwise'] },
    ],
    events: ({ events }) => events.map((one, index) => namedEvent(one, ['events', index])),
    mistakes: ({ events }) =>
      events.flatMap((one, index) =>
        one === ANY_EVENT_NAME ? [{ path: ['events', index], message: ANY_ACTIVITY_IS_COUNTLESS }] : [],
      ),
    newMistakes: ({ within }) =>
      within === undefined ? [{ path: [], message: 'Say how long to wait for the first event: `within`.' }] : [],
  },
};
