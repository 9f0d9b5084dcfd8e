import { ANY_EVENT_NAME, INTERNAL_PREFIX } from '../../engine/model/activity';
import { z } from 'zod';

import { id, jsonObject, moment, text } from '../fields';

/** What every call of Segment's spec may say (https://segment.com/docs/connections/spec/common/). Other fields are ignored. */
const common = {
  userId: id.nullish(),
  anonymousId: id.nullish().meta({ description: 'Required where there is no userId' }),
  messageId: id
    .refine((given) => !String(given).startsWith(INTERNAL_PREFIX), 'is a reserved id')
    .nullish()
    .meta({ description: 'What makes the call idempotent; made up where it is absent' }),
  timestamp: moment.nullish().meta({ description: 'When it happened' }),
  sentAt: moment
    .nullish()
    .meta({ description: "When it was sent, by the same clock as timestamp: corrects a client's wrong clock" }),
  context: z
    .object({ active: z.boolean().nullish().meta({ description: 'false: the user did not do this themselves' }) })
    .nullish(),
};

const eventName = text
  .min(1)
  .max(200)
  .refine((name) => name !== ANY_EVENT_NAME && !name.startsWith(INTERNAL_PREFIX), 'is a reserved name');
const viewed = { name: text.max(200).nullish(), category: text.max(200).nullish(), properties: jsonObject.nullish() };

/** The calls of Segment's spec, by type. */
export const CALLS = {
  track: z.object({ ...common, event: eventName, properties: jsonObject.nullish() }),
  identify: z.object({ ...common, traits: jsonObject.nullish() }),
  page: z.object({ ...common, ...viewed }),
  screen: z.object({ ...common, ...viewed }),
  group: z.object({ ...common, groupId: id, traits: jsonObject.nullish() }),
  alias: z.object({ ...common, userId: id, previousId: id }),
};

export type CallType = keyof typeof CALLS;
/** A valid call, with its type. */
export type Call = { [Type in CallType]: z.infer<(typeof CALLS)[Type]> & { readonly type: Type } }[CallType];

/** Is this one of Segment's calls? */
export function isCallType(type: unknown): type is CallType {
  return typeof type === 'string' && Object.hasOwn(CALLS, type);
}

/** Names under which what is no `track` call is stored. */
export const STORED_AS = {
  page: 'Page Viewed',
  screen: 'Screen Viewed',
  identify: 'Identify',
  group: 'Group',
  alias: 'Alias',
} as const;
