import { ANY_EVENT_NAME, INTERNAL_PREFIX } from '../../engine/model/activity';
import { z } from 'zod';

import { consent, id, instant, jsonObject, text } from '../fields';
import { OBJECTS } from './empty-values';
import { isPlaceholder } from './placeholder-id';

/** An id that names one person. */
const personId = id.refine((given) => !isPlaceholder(given), {
  error: ({ input }) => `must name one person: '${String(input)}' is what code writes where it has no id`,
});

/** The fields that every call may have by Segment's spec (https://segment.com/docs/connections/spec/common/). Other fields are ignored. */
const common = {
  userId: personId
    .nullish()
    .meta({ description: 'The id of the user. Workflow ids contain it, so do not use an email address or a name' }),
  anonymousId: personId.nullish().meta({ description: 'Required when there is no userId' }),
  messageId: id
    .refine((given) => !String(given).startsWith(INTERNAL_PREFIX), `must not begin with ${INTERNAL_PREFIX}`)
    .nullish()
    .meta({ description: 'Makes the call idempotent. Generated when absent' }),
  timestamp: instant.meta({ description: 'When it happened, in real time. Default: `originalTimestamp`' }),
  originalTimestamp: instant.meta({
    description: 'When it happened, by the clock of the client. Default: when the call is received',
  }),
  sentAt: instant.meta({
    description: 'When the call was sent, by the same clock as its time. Corrects a wrong client clock',
  }),
  context: z
    .object({
      active: z
        .boolean()
        .nullish()
        .meta({ description: 'False when the user did not do this themselves. Default: true' }),
      history: z.boolean().nullish().meta({
        description:
          'True imports the call as history: it wakes nobody, lets nobody enter a journey, and sends nothing. Default: false',
      }),
      consent: z
        .object({
          channels: consent,
          at: instant.meta({ description: 'When the user answered. Default: the time of the call' }),
          source: text.max(200).optional().meta({ description: 'Where they answered, such as the name of a form' }),
        })
        .nullish()
        .meta({
          description:
            'In an `identify` call that is imported as history, with the admin key: what the user agreed to elsewhere. An answer that was given here stays',
        }),
      timezone: z.unknown().optional().meta({
        description: 'The time zone of the device. Holds where the user has no trait `timezone`',
      }),
      locale: z.unknown().optional().meta({ description: 'The locale of the device, kept in the trait `fromContext`' }),
      traits: z.unknown().optional().meta({
        description: 'In an `identify` call: traits, as RudderStack sends them. `traits` wins',
      }),
    })
    .nullish()
    .meta({ description: 'What the client knows of the device. Other members are ignored' }),
};

/** The names of the fields that every call may have. */
export const COMMON_FIELDS: readonly string[] = Object.keys(common);

const eventName = text
  .min(1)
  .max(200)
  .refine(
    (name) => name !== ANY_EVENT_NAME && !name.startsWith(INTERNAL_PREFIX),
    `must not be ${ANY_EVENT_NAME} or begin with ${INTERNAL_PREFIX}`,
  );
const properties = jsonObject.nullish().meta({ description: 'What journeys can read of the event' });
const viewed = {
  name: text.max(200).nullish().meta({ description: 'What was viewed. Journeys read it as the property `name`' }),
  category: text
    .max(200)
    .nullish()
    .meta({ description: 'What sort of page or screen it is. Journeys read it as the property `category`' }),
  properties,
};

/** The calls of Segment's spec, by type. */
export const CALLS = {
  track: z.object({
    ...common,
    event: eventName.meta({ description: 'The name of the event' }),
    properties,
  }),
  identify: z.object({
    ...common,
    traits: jsonObject.nullish().meta({ description: 'Traits to set. Others stay as they are' }),
  }),
  page: z.object({ ...common, ...viewed }),
  screen: z.object({ ...common, ...viewed }),
  group: z.object({
    ...common,
    groupId: id.meta({ description: 'The id of the group' }),
    traits: jsonObject.nullish().meta({
      description:
        'What is known of the group; what is not said again stays. `groupType` is its type, `company` by default',
    }),
  }),
  alias: z.object({
    ...common,
    userId: personId,
    previousId: personId.meta({ description: 'The id that becomes an alias of `userId`' }),
  }),
};

export type CallType = keyof typeof CALLS;
export const CALL_TYPES = Object.keys(CALLS) as readonly CallType[];

const emptyArray = z.array(z.unknown()).max(0);

/** The schema of a call as the API describes it: with what counts as absent before a call is validated. */
export function describedCall(type: CallType): z.ZodObject {
  const shape: Readonly<Record<string, z.ZodType>> = CALLS[type].shape;
  const tolerant = OBJECTS.flatMap((name) =>
    shape[name] ? [[name, z.union([shape[name], emptyArray])] as const] : [],
  );
  return z.object({ ...shape, ...Object.fromEntries(tolerant) });
}

/** The schema of a call in a list, as the API describes it: its type says which call it is. */
export function listedCall(type: CallType): z.ZodObject {
  return describedCall(type).extend({
    type: z.literal(type).meta({ description: 'Which call it is' }),
  });
}

/** A valid call, with its type. */
export type Call = { [Type in CallType]: z.infer<(typeof CALLS)[Type]> & { readonly type: Type } }[CallType];

/** Whether this is the type of one of Segment's calls. */
export function isCallType(type: unknown): type is CallType {
  return typeof type === 'string' && Object.hasOwn(CALLS, type);
}

/** The names under which calls other than `track` are stored as events. */
export const STORED_AS = {
  page: 'Page Viewed',
  screen: 'Screen Viewed',
  identify: 'Identify',
  group: 'Group',
  alias: 'Alias',
} as const;
