import { z } from 'zod';
import {
  ANY_ACTIVITY_IS_NO_TRIGGER,
  eventText,
  isOneOf,
  type EventDefinition,
  type Occurrence,
  type OccurrenceOf,
} from '../../authoring/event';
import { exampleOf } from '../../authoring/example';
import { tests } from '../../authoring/filter';
import { eventName, namedEvent, readEvent } from '../../authoring/json-fields';
import type { Trigger } from '../../authoring/trigger';
import { ANY_EVENT_NAME } from '../../model/activity';
import type { RecordedEvent } from '../../model/state';
import { byEvent } from '../entry';
import { countOf } from '../counters';
import { recorded } from '../history';
import type { ExampleTrigger, TriggerType } from './trigger-type';

/** Entry when the number of the user's events reaches a count: at the 1st, 10th, 100th. */
export interface MilestoneTrigger<Event extends EventDefinition<unknown> = EventDefinition<unknown>> extends Trigger<
  Occurrence<OccurrenceOf<Event>['properties'] & { readonly count: number }>
> {
  readonly kind: 'milestone';
  readonly event: Event;
  readonly counts: readonly number[];
}

/**
 * Enters users when their number of these events reaches one of the counts. The journey finds the count in
 * `j.event.properties.count`.
 * @throws {TypeError} when there is no count, a count is not a positive whole number, or the event is any activity
 */
export function milestone<Event extends EventDefinition<unknown>>(
  event: Event,
  counts: readonly number[],
): MilestoneTrigger<Event> {
  if (counts.length === 0 || counts.some((count) => !Number.isInteger(count) || count < 1)) {
    throw new TypeError(`milestone(${event.name}): counts must be positive whole numbers, at least one.`);
  }
  if (event.name === ANY_EVENT_NAME) throw new TypeError(`milestone: ${ANY_ACTIVITY_IS_NO_TRIGGER}`);
  return { kind: 'milestone', event, counts: [...counts].sort((a, b) => a - b) };
}

const form = z.strictObject({
  kind: z.literal('milestone'),
  event: eventName,
  where: tests.exactOptional(),
  counts: z.array(z.int().min(1)).min(1).max(100),
});

export const MILESTONE = {
  kind: 'milestone',
  text: ({ event, counts }) => `${eventText(event)}, times ${counts.join(', ')}`,
  events: ({ event }) => [event],
  counts: ({ event }) => [event],

  admissions({ event: counted, counts }, journey, occasion, { memory }) {
    if (occasion.kind !== 'event' || !isOneOf(occasion.event, [counted])) return [];
    const { event } = occasion;
    const count = countOf(memory, counted);
    return counts.includes(count) ? byEvent(journey, event, withCount(recorded(event), count)) : [];
  },

  awaits({ event, counts }, _, { memory }) {
    const reached = countOf(memory, event);
    return counts.some((count) => count > reached) ? [event.name] : [];
  },

  examples({ event, counts }) {
    const [first = 1, ...more] = counts;
    const label = (count: number): string => (more.length === 0 ? '' : `count ${count}`);
    const example = (count: number): ExampleTrigger => [label(count), withCount(exampleOf(event), count)];
    return [example(first), ...more.map(example)];
  },

  json: {
    schema: form,
    read: (one, lookup) => milestone(readEvent(one, lookup), one.counts),
    events: (one) => [namedEvent(one)],
  },
} satisfies TriggerType<MilestoneTrigger, z.infer<typeof form>>;

function withCount(event: RecordedEvent, count: number): RecordedEvent {
  return { ...event, properties: { ...event.properties, count } };
}
