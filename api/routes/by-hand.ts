import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ENTER, LEAVE, MESSAGE } from '../../engine/user/commands';
import type { Journey } from '../../engine/authoring/journey';
import type { JsonObject } from '../../engine/model/json';
import { CHANNELS } from '../../engine/model/state';
import { enteringEvents } from '../../engine/user/triggers';
import { addInternalEvent } from '../../store/pending';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { id, jsonObject, text, userParams } from '../fields';
import type { FieldError } from '../pointer';
import { Problem } from '../problem';
import { route, type Reply, type Route } from '../route';
import { catalogueOf, mismatches } from '../segment/catalogue';
import { storableJson } from '../segment/storable';
import { findJourney } from './journeys';
import { unknownUser } from './users';

const messageId = id.optional().meta({ description: 'What makes the call idempotent; made up where it is absent' });
const taken = z.object({ messageId: z.string(), duplicate: z.boolean() });
const answers = {
  202: { description: 'Stored; it is done within moments', schema: taken },
  404: { description: 'Unknown user or journey' },
};
const journeyParams = userParams.extend({ journey: text });
const channel = z.enum(CHANNELS);

const message = z.object({
  userId: id,
  channels: z
    .union([channel, z.array(channel).min(1)])
    .meta({ description: 'The first that can reach the user is taken' }),
  template: text.min(1).max(200).meta({ description: 'A shared template, one outside any journey' }),
  data: jsonObject.optional().meta({ description: 'For the template, as `data`' }),
  messageId,
});

/** What support and other systems make happen: entering a journey, leaving it, one message. */
export function byHandRoutes(
  { database, definitions, clock, waker, templateProblem }: ApiDeps,
  { adminKey }: Gates,
): Route[] {
  async function tell(
    userId: string,
    given: string | number | undefined,
    name: string,
    properties: JsonObject,
  ): Promise<Reply> {
    const messageId = String(given ?? randomUUID());
    // Each kind of call has ids of its own: an app may well name an event and the message about it by the same order.
    const event = { userId, messageId: `${name}/${messageId}`, name, at: clock.now(), properties };
    const stored = await addInternalEvent(database, event);
    if (!stored) throw unknownUser();
    if (stored.event) wake(waker, [stored.event]);
    return { status: 202, body: { messageId, duplicate: stored.event === null } };
  }

  return [
    route({
      method: 'post',
      path: '/v1/users/{id}/journeys/{journey}',
      name: 'enterJourney',
      tag: 'Journeys',
      summary: 'Let a user enter a journey by hand, whatever `reenter` says; one who is inside stays where they are',
      access: adminKey,
      params: journeyParams,
      body: z.object({ properties: jsonObject.default({}), messageId }).optional(),
      answers,
      handle: async ({ params, body }) => {
        const journey = findJourney(definitions.current.journeys, params.journey);
        const properties = storable(body?.properties ?? {}, '/properties');
        await requireFit(journey, properties);
        return tell(params.id, body?.messageId, `${ENTER}${journey.id}`, properties);
      },
    }),
    route({
      method: 'delete',
      path: '/v1/users/{id}/journeys/{journey}',
      name: 'leaveJourney',
      tag: 'Journeys',
      summary: 'Take a user out of a journey',
      access: adminKey,
      params: journeyParams,
      query: z.object({ key: text.optional().meta({ description: 'Only the run with this key' }) }),
      answers,
      handle: async ({ params, query: { key } }) => {
        const journey = findJourney(definitions.current.journeys, params.journey);
        return tell(params.id, undefined, `${LEAVE}${journey.id}`, key === undefined ? {} : { key });
      },
    }),
    route({
      method: 'post',
      path: '/v1/messages',
      name: 'sendMessage',
      tag: 'Messages',
      summary: 'Send one transactional message now',
      access: adminKey,
      body: message,
      answers: { ...answers, 404: { description: 'Unknown user' } },
      handle: async ({ body }) => {
        const channels = [body.channels].flat();
        const problems = channels.flatMap((one) => templateProblem(one, body.template) ?? []);
        if (problems.length > 0) throw invalid(problems.map((detail) => ({ pointer: '/template', detail })));
        const data = storable(body.data ?? {}, '/data');
        return tell(String(body.userId), body.messageId, MESSAGE, { template: body.template, channels, data });
      },
    }),
  ];
}

/** Properties must be what the journey's own event would have brought. */
async function requireFit(journey: Journey, properties: JsonObject): Promise<void> {
  const [event] = enteringEvents(journey);
  const errors = event ? await mismatches(catalogueOf([event]), event.name, properties, '/properties') : [];
  if (errors.length > 0) throw invalid(errors);
}

function storable(value: JsonObject, pointer: string): JsonObject {
  const json = storableJson(value);
  if ('problem' in json) throw invalid([{ pointer, detail: json.problem }]);
  return JSON.parse(json.text) as JsonObject;
}

function invalid(errors: readonly FieldError[]): Problem {
  return new Problem(422, { detail: 'The request is not valid.', errors });
}
