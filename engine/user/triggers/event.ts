import { z } from 'zod';
import { definitionsOf, eventText, isOneOf, type AnyOf, type EventDefinition } from '../../authoring/event';
import { exampleOf } from '../../authoring/example';
import { fields } from '../../authoring/fields';
import { eventChoice, namedChoice, narrowsOne, readChoice } from '../../authoring/json-fields';
import { recorded } from '../history';
import { byEvent, isInside } from '../entry';
import { lastCounted } from '../last-entry';
import type { TriggerType } from './trigger-type';

const form = fields({
  kind: z.literal('event').meta({ description: 'Lets users enter by an event' }),
  ...eventChoice,
}).refine(...narrowsOne);

/** Entry by an event of the catalogue, or by any one of several: `enter: signedUp`, `enter: anyOf(booked, rescheduled)`. */
export const EVENT = {
  kind: 'event',
  text: (awaited) => definitionsOf(awaited).map(eventText).join(' or '),
  events: definitionsOf,
  entersByEvent: (awaited) => definitionsOf(awaited).map(({ name }) => name),

  admissions: (awaited, journey, occasion) =>
    occasion.kind === 'event' && isOneOf(occasion.event, definitionsOf(awaited))
      ? byEvent(journey, occasion.event, recorded(occasion.event))
      : [],

  awaits(awaited, journey, draft) {
    const spent = journey.reenter === 'never' && lastCounted(draft, journey) !== undefined;
    const closed = spent || (journey.reenter === 'always' && isInside(draft, journey, null));
    // An event with a new key can always let the user enter.
    return journey.key === null && closed ? [] : definitionsOf(awaited).map(({ name }) => name);
  },

  examples(awaited) {
    const [first, ...others] = definitionsOf(awaited);
    // `journey` refuses a choice of no events.
    if (!first) throw new TypeError('anyOf as a trigger needs at least one event.');
    if (others.length === 0) return [['', exampleOf(first)]];
    return [[eventText(first), exampleOf(first)], ...others.map((one) => [eventText(one), exampleOf(one)] as const)];
  },
  varies: definitionsOf,

  json: {
    schema: form,
    read: (one, lookup) => readChoice(one, lookup),
    events: (one) => namedChoice(one),
  },
} satisfies TriggerType<EventDefinition<unknown> | AnyOf, z.infer<typeof form>>;
