import { z } from 'zod';
import { eventText, isOneOf, type EventDefinition } from '../../authoring/event';
import { exampleOf } from '../../authoring/example';
import { tests } from '../../authoring/filter';
import { eventName, namedEvent, readEvent } from '../../authoring/json-fields';
import { recorded } from '../history';
import { getOwn } from '../../model/own-property';
import { byEvent, isInside } from '../entry';
import type { TriggerType } from './trigger-type';

const form = z.strictObject({ kind: z.literal('event'), event: eventName, where: tests.exactOptional() });

/** Entry by an event of the catalogue: `enter: signedUp`. */
export const EVENT = {
  kind: 'event',
  text: eventText,
  events: (event) => [event],
  entersByEvent: ({ name }) => name,

  admissions: (event, journey, occasion) =>
    occasion.kind === 'event' && isOneOf(occasion.event, [event])
      ? byEvent(journey, occasion.event, recorded(occasion.event))
      : [],

  awaits({ name }, journey, draft) {
    const spent = journey.reenter === 'never' && getOwn(draft.memory.entries, journey.id) !== undefined;
    const closed = spent || (journey.reenter === 'always' && isInside(draft, journey, null));
    // An event with a new key can always let the user enter.
    return journey.key === null && closed ? [] : [name];
  },

  examples: (event) => [['', exampleOf(event)]],
  varies: (event) => event,

  json: {
    schema: form,
    read: ({ event, where }, lookup) => readEvent({ event, ...(where && { where }) }, lookup),
    events: (one) => [namedEvent(one)],
  },
} satisfies TriggerType<EventDefinition<unknown>, z.infer<typeof form>>;
