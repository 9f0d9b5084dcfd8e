import { z } from 'zod';
import { endedNamed } from '../authoring/ended';
import { activity, type EventDefinition } from '../authoring/event';
import { fields } from '../authoring/fields';
import { MAX_OPEN_RUNS, MOST_OPEN_RUNS } from '../model/limits';
import {
  awaitedChoice,
  awaitedEvent,
  duration,
  eventName,
  json,
  name,
  narrowsOne,
  type Lookup,
} from '../authoring/json-fields';
import { MOST_PRIORITY } from '../authoring/priority';
import { traitChangeNamed } from '../authoring/trait-changed';
import { ANY_EVENT_NAME } from '../model/activity';
import { stepForm } from '../replay/steps';
import { triggerForm } from '../user/triggers';

/** The events that a definition may name without declaring them, by name. */
export type Catalogue = ReadonlyMap<string, EventDefinition<unknown>>;

const redirection = fields({
  from: name.meta({ description: 'The name of a step that the edit removes' }),
  to: name.meta({ description: 'The name of the step where its users go on' }),
});

/** The schema of a journey as data, which `PUT /v1/journeys/{id}` takes. It reports the step and field that is wrong. */
export const journeyDefinition = fields({
  enter: triggerForm.meta({ description: 'What lets users enter' }),
  reenter: z
    .union([
      z.enum(['never', 'always', 'restart']),
      fields({ after: duration.meta({ description: 'How long after the last entry the user may enter again' }) }),
    ])
    .exactOptional()
    .meta({
      description:
        'Whether a user may enter again. `never`: once only. `always`: whenever they are not inside. `restart`: also while they are inside, which ends that run. Default: never',
    }),
  key: z.string().min(1).max(100).exactOptional().meta({
    description: 'A property of events. There is one run per value, and waits, exits and the goal match it',
  }),
  freshness: duration.exactOptional().meta({
    description: 'How long after it happened an event may be received and still let a user enter. Default 72 hours',
  }),
  maxOpenRuns: z
    .int()
    .min(1)
    .max(MOST_OPEN_RUNS)
    .exactOptional()
    .meta({
      description: `The most runs a user may have open at once, over all keys. Further entries are refused. Default ${MAX_OPEN_RUNS}`,
    }),
  exit: z.array(awaitedEvent).max(20).exactOptional().meta({
    description:
      'Events that end the run at once, whatever it is doing. Messages that are not delivered yet are withdrawn. Default: none',
  }),
  goal: fields({
    ...awaitedChoice,
    within: duration
      .exactOptional()
      .meta({ description: 'How long after the entry the event counts. Default: at any time' }),
    exit: z.boolean().exactOptional().meta({ description: 'Whether the goal ends the run. Default: false' }),
  })
    .refine(...narrowsOne)
    .exactOptional()
    .meta({ description: 'The event that the journey aims at. The first one is recorded. Default: no goal' }),
  transactional: z
    .boolean()
    .exactOptional()
    .meta({ description: 'Whether the messages are transactional, unless the step says otherwise. Default: false' }),
  priority: z
    .union([z.enum(['high', 'low']), z.int().min(-MOST_PRIORITY).max(MOST_PRIORITY)])
    .exactOptional()
    .meta({
      description: 'The rank of the journey under the caps of the policy. `high` is 10, `low` is -10. Default 0',
    }),
  topic: name
    .exactOptional()
    .meta({ description: 'The topic of the messages, as `topics.ts` declares it, unless the step says another' }),
  onEdit: z
    .union([redirection, z.array(redirection).max(100)])
    .exactOptional()
    .meta({ description: 'Users who wait in the removed step `from` go on at the step `to`' }),
  budget: fields({
    messages: z.int().min(0).max(1_000).meta({ description: 'The most messages in the span' }),
    within: duration.meta({ description: 'The length of the span' }),
  })
    .exactOptional()
    .meta({
      description: 'The most messages a user may get in any such span. It is proven when the definition is put',
    }),
  events: z
    .record(
      eventName,
      fields({
        example: json.meta({
          description: 'Properties as the event has them. Conditions, filters and templates are checked against them',
        }),
      }),
    )
    .exactOptional()
    .meta({ description: 'Events that are not in the catalogue, each with an example of its properties' }),
  version: z
    .literal('finish')
    .exactOptional()
    .meta({ description: 'Users who are inside when this is published finish on the definition they are on' }),
  steps: z.array(stepForm).min(1).max(100).meta({ description: 'What the journey does, in this order' }),
}).meta({ id: 'JourneyDefinition' });

/** A journey as data. */
export type JourneyDefinition = z.infer<typeof journeyDefinition>;

/** The event of the catalogue, the change of a trait, or the end of a journey, that has this name; undefined when there is none. */
export function eventNamed(name: string, catalogue: Catalogue): EventDefinition<unknown> | undefined {
  return traitChangeNamed(name) ?? endedNamed(name) ?? catalogue.get(name);
}

/** Finds the events that a definition names. If an event is declared and also in the catalogue, the catalogue wins. */
export function lookupIn({ events }: JourneyDefinition, catalogue: Catalogue): Lookup {
  return (name) => {
    if (name === ANY_EVENT_NAME) return activity;
    return eventNamed(name, catalogue) ?? { kind: 'event', name, schema: null, example: events?.[name]?.example ?? {} };
  };
}
