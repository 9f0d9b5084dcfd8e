import { z } from 'zod';
import { toMs, type Duration } from '../model/duration';
import type { EventDefinition } from '../authoring/event';
import type { JsonObject } from '../model/json';
import { INTERNAL_PREFIX } from '../user/history';
import { CHANNELS, type ChannelName } from '../model/state';
import type { LocalTime } from '../model/zone';
import { condition, type Condition } from './condition';

/** A step of a definition, by the names the steps of a journey have anywhere else. */
export type DefinedStep =
  | {
      readonly kind: 'send';
      readonly step: string;
      /** In the order they are tried. */
      readonly messages: readonly { readonly channel: ChannelName; readonly template: string }[];
      readonly transactional?: boolean;
      readonly expires?: Duration;
      readonly data?: JsonObject;
    }
  | {
      readonly kind: 'waitFor';
      readonly step: string;
      readonly events: readonly string[];
      readonly within?: Duration;
      readonly since?: 'now';
      readonly then?: readonly DefinedStep[];
      readonly otherwise?: readonly DefinedStep[];
    }
  | { readonly kind: 'sleep'; readonly step: string; readonly duration: Duration }
  | { readonly kind: 'sleepUntil'; readonly step: string; readonly when: LocalTime }
  | {
      readonly kind: 'check';
      readonly step: string;
      readonly if: Condition;
      readonly then?: readonly DefinedStep[];
      readonly otherwise?: readonly DefinedStep[];
    }
  | {
      readonly kind: 'experiment';
      readonly step: string;
      readonly variants: readonly {
        readonly name: string;
        readonly weight: number;
        readonly steps?: readonly DefinedStep[];
      }[];
    }
  | { readonly kind: 'award'; readonly step: string; readonly points?: number; readonly badge?: string }
  | { readonly kind: 'exit'; readonly step: string; readonly reason?: string };

/** The events a definition may name without declaring them, by name. */
export type Catalogue = ReadonlyMap<string, EventDefinition<unknown>>;

const duration = z
  .custom<Duration>(
    (value) => typeof value === 'string' && /^\d+(\.\d+)? (millisecond|second|minute|hour|day|week)s?$/.test(value),
    "must be a duration such as '48 hours' or '14 days'",
  )
  .refine(isShortEnough, 'is too long')
  .meta({ type: 'string', examples: ['48 hours', '14 days'] });

/** Anything else `toMs` could object to has been looked at. */
function isShortEnough(text: Duration): boolean {
  try {
    return toMs(text) >= 0;
  } catch {
    return false;
  }
}

const eventName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !text.startsWith(INTERNAL_PREFIX), `must not begin with ${INTERNAL_PREFIX}`)
  .meta({ description: 'An event of the catalogue or of `events`' });

const awaitedName = eventName.meta({
  description: 'An event of the catalogue or of `events`; * is anything the user does',
});

const timeOfDay = z.custom<LocalTime['at']>(
  (value) => typeof value === 'string' && /^([01]?\d|2[0-3]):[0-5]\d$/.test(value),
  "must be a time of day such as '09:00'",
);

const json = z.record(z.string(), z.json());
const name = z.string().trim().min(1).max(100);
const steps: z.ZodType<readonly DefinedStep[]> = z.lazy(() => z.array(definedStep).max(100));
const named = { step: name.meta({ description: 'Unique within the journey: it is what survives an edit' }) };

const message = z.strictObject({
  channel: z.enum(CHANNELS),
  template: z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'must be the name of a shared template'),
});

const definedStep: z.ZodType<DefinedStep> = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('send'),
      ...named,
      messages: z.array(message).min(1).max(CHANNELS.length),
      transactional: z.boolean().exactOptional(),
      expires: duration.exactOptional(),
      data: json.exactOptional(),
    }),
    z.strictObject({
      kind: z.literal('waitFor'),
      ...named,
      events: z.array(awaitedName).min(1).max(20),
      within: duration.exactOptional(),
      since: z.literal('now').exactOptional(),
      then: steps.exactOptional(),
      otherwise: steps.exactOptional(),
    }),
    z.strictObject({ kind: z.literal('sleep'), ...named, duration }),
    z.strictObject({
      kind: z.literal('sleepUntil'),
      ...named,
      when: z.strictObject({
        weekday: z.literal([1, 2, 3, 4, 5, 6, 7]).exactOptional(),
        at: timeOfDay.meta({ type: 'string', examples: ['09:00'] }),
      }),
    }),
    z.strictObject({
      kind: z.literal('check'),
      ...named,
      if: condition,
      then: steps.exactOptional(),
      otherwise: steps.exactOptional(),
    }),
    z.strictObject({
      kind: z.literal('experiment'),
      ...named,
      variants: z
        .array(z.strictObject({ name, weight: z.number().positive().max(1_000_000), steps: steps.exactOptional() }))
        .min(2)
        .max(20),
    }),
    z.strictObject({
      kind: z.literal('award'),
      ...named,
      points: z.int().min(-1_000_000).max(1_000_000).exactOptional(),
      badge: name.exactOptional(),
    }),
    z.strictObject({ kind: z.literal('exit'), ...named, reason: name.exactOptional() }),
  ])
  .meta({ id: 'JourneyStep' });

const redirection = z.strictObject({ from: name, to: name });

const enter = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('event'), event: eventName }),
  z.strictObject({ kind: z.literal('milestone'), event: eventName, counts: z.array(z.int().min(1)).min(1).max(100) }),
  z.strictObject({ kind: z.literal('inactivity'), after: duration }),
  z.strictObject({ kind: z.literal('stage'), stage: name }),
  z.strictObject({ kind: z.literal('manual') }),
]);

/** A journey as data: what `PUT /v1/journeys/{id}` takes, checked down to the step and field that is wrong. */
export const journeyDefinition = z
  .strictObject({
    enter,
    reenter: z
      .union([z.enum(['never', 'always']), z.strictObject({ after: duration })])
      .exactOptional()
      .meta({ description: 'Default never' }),
    key: z
      .string()
      .min(1)
      .max(100)
      .exactOptional()
      .meta({ description: 'A property of events: one run per value, and waits, exits and the goal match it' }),
    exit: z.array(awaitedName).max(20).exactOptional(),
    goal: z
      .strictObject({
        event: awaitedName,
        within: duration.exactOptional(),
        exit: z.boolean().exactOptional(),
      })
      .exactOptional(),
    transactional: z.boolean().exactOptional(),
    onEdit: z
      .union([redirection, z.array(redirection).max(100)])
      .exactOptional()
      .meta({ description: 'People who wait in the removed step `from` go on at the step `to`' }),
    budget: z
      .strictObject({ messages: z.int().min(0).max(1_000), within: duration })
      .exactOptional()
      .meta({ description: 'At most so many messages in any such span: proven when it is put' }),
    events: z
      .record(eventName, z.strictObject({ example: json }))
      .exactOptional()
      .meta({ description: 'Events the catalogue does not have, each with an example of its properties' }),
    version: z
      .literal('finish')
      .exactOptional()
      .meta({ description: 'Those inside when this is published finish on the definition they are on' }),
    steps: z.array(definedStep).min(1).max(100),
  })
  .meta({ id: 'JourneyDefinition' });

/** A journey as data. */
export type JourneyDefinition = z.infer<typeof journeyDefinition>;
