import { z } from 'zod';
import { exampleOf, type EventDefinition } from '../../authoring/event';
import { eventName } from '../../authoring/json-fields';
import { recorded } from '../history';
import { getOwn } from '../../model/own-property';
import { byEvent, isInside } from '../entry';
import type { TriggerType } from './trigger-type';

const form = z.strictObject({ kind: z.literal('event'), event: eventName });

/** Entry by an event of the catalogue: `enter: signedUp`. */
export const EVENT = {
  kind: 'event',
  text: ({ name }) => name,
  events: (event) => [event],
  entersByEvent: ({ name }) => name,

  admissions: ({ name }, journey, occasion) =>
    occasion.kind === 'event' && occasion.event.name === name
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
    read: ({ event }, lookup) => lookup(event),
    events: ({ event }) => [{ name: event, path: ['event'] }],
  },
} satisfies TriggerType<EventDefinition<unknown>, z.infer<typeof form>>;
