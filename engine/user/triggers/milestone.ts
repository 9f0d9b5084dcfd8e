import { z } from 'zod';
import {
  ANY_ACTIVITY_IS_NO_TRIGGER,
  definitionsOf,
  eventText,
  isOneOf,
  namesOf,
  type AnyOf,
  type EventDefinition,
  type Occurrence,
  type OccurrenceOf,
} from '../../authoring/event';
import { exampleOf } from '../../authoring/example';
import { fields } from '../../authoring/fields';
import { eventChoice, namedChoice, nameOf, narrowsOne, readChoice } from '../../authoring/json-fields';
import type { Trigger } from '../../authoring/trigger';
import { ANY_EVENT_NAME } from '../../model/activity';
import { endedJourney } from '../../model/ended';
import type { Memory, RecordedEvent } from '../../model/state';
import { byEvent } from '../entry';
import { countOf } from '../counters';
import { recorded } from '../history';
import type { ExampleTrigger, TriggerType } from './trigger-type';

type Counted = EventDefinition<unknown> | AnyOf;

/** Entry when the number of the user's events reaches a count: at the 1st, 10th, 100th. */
export interface MilestoneTrigger<Event extends Counted = Counted> extends Trigger<
  Occurrence<OccurrenceOf<Event>['properties'] & { readonly count: number }>
> {
  readonly kind: 'milestone';
  readonly event: Event;
  readonly counts: readonly number[];
}

/**
 * Enters users when their number of these events reaches one of the counts. With `anyOf`, all of its events are counted together.
 * The journey finds the count in `j.event.properties.count`.
 * @throws {TypeError} when there is no count, a count is not a positive whole number, the event is any activity, or a choice of
 * events is empty or has a name twice
 */
export function milestone<const Event extends Counted>(
  event: Event,
  counts: readonly number[],
): MilestoneTrigger<Event> {
  const names = namesOf(event);
  if (counts.length === 0 || counts.some((count) => !Number.isInteger(count) || count < 1)) {
    throw new TypeError(`milestone(${names.join(' or ')}): counts must be positive whole numbers, at least one.`);
  }
  if (names.some((name) => endedJourney(name) !== null))
    throw new TypeError('milestone: the end of a journey is not counted: expected an event of the catalogue.');
  if (names.includes(ANY_EVENT_NAME)) throw new TypeError(`milestone: ${ANY_ACTIVITY_IS_NO_TRIGGER}`);
  // An event that is two of them would be counted twice.
  if (names.length === 0 || new Set(names).size < names.length)
    throw new TypeError('milestone: anyOf must have at least one event, and each name once.');
  return { kind: 'milestone', event, counts: [...counts].sort((a, b) => a - b) };
}

const form = fields({
  kind: z
    .literal('milestone')
    .meta({ description: 'Lets users enter when their number of the events reaches a count' }),
  ...eventChoice,
  counts: z
    .array(z.int().min(1))
    .min(1)
    .max(100)
    .meta({ description: 'The numbers of events at which the user enters, such as the 1st and the 10th' }),
})
  .refine(...narrowsOne)
  .refine(({ event }) => typeof event === 'string' || new Set(event.map(nameOf)).size === event.length, {
    path: ['event'],
    message: 'must have each name once',
  });

export const MILESTONE = {
  kind: 'milestone',
  text: ({ event, counts }) => `${definitionsOf(event).map(eventText).join(' or ')}, times ${counts.join(', ')}`,
  events: ({ event }) => definitionsOf(event),
  counts: ({ event }) => definitionsOf(event),

  admissions({ event: counted, counts }, journey, occasion, { memory }) {
    if (occasion.kind !== 'event' || !isOneOf(occasion.event, definitionsOf(counted))) return [];
    const { event } = occasion;
    const count = reached(counted, memory);
    return counts.includes(count) ? byEvent(journey, event, withCount(recorded(event), count)) : [];
  },

  awaits({ event, counts }, _, { memory }) {
    const now = reached(event, memory);
    return counts.some((count) => count > now) ? namesOf(event) : [];
  },

  examples({ event, counts }) {
    const definitions = definitionsOf(event);
    const [first, ...more] = definitions.flatMap((one) =>
      counts.map((count): ExampleTrigger => {
        const label = [definitions.length > 1 ? one.name : '', counts.length > 1 ? `count ${count}` : ''];
        return [label.filter(Boolean).join(', '), withCount(exampleOf(one), count)];
      }),
    );
    // `milestone` refuses to have no events or no counts.
    if (!first) throw new TypeError('A milestone needs an event and a count.');
    return [first, ...more];
  },

  json: {
    schema: form,
    read: (one, lookup) => milestone(readChoice(one, lookup), one.counts),
    events: (one) => namedChoice(one),
  },
} satisfies TriggerType<MilestoneTrigger, z.infer<typeof form>>;

/** How many of the events have come, all together. */
function reached(event: Counted, memory: Pick<Memory, 'counts'>): number {
  return definitionsOf(event).reduce((sum, one) => sum + countOf(memory, one), 0);
}

function withCount(event: RecordedEvent, count: number): RecordedEvent {
  return { ...event, properties: { ...event.properties, count } };
}
