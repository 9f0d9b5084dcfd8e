import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { unsentText } from '../../config/channel-setups';
import { ENTER, LEAVE, MESSAGE } from '../../engine/user/commands';
import type { ChannelSetup } from '../../engine/authoring/channel-setup';
import type { Journey } from '../../engine/authoring/journey';
import { forgetAtOf, type Forget } from '../../engine/model/forget-at';
import type { JsonObject } from '../../engine/model/json';
import { ANY_CHANNEL, givenChannel, MOST_CHANNELS } from '../../engine/authoring/channel-fields';
import { noChannel } from '../../engine/model/channel-name';
import type { ChannelSpec } from '../../engine/model/channels';
import { enteringEvents } from '../../engine/user/triggers';
import { addInternalEvent } from '../../store/pending';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { id, jsonObject, text, userParams } from '../fields';
import type { FieldError } from '../pointer';
import { invalid, invalidField } from '../problem';
import { route, type Reply, type Route } from '../route';
import { catalogueOf, mismatches } from '../segment/catalogue';
import { storableJson } from '../segment/storable';
import { findJourney } from './journeys';
import { unknownUser } from './users';

const messageId = id.optional().meta({ description: 'Makes the call idempotent. Generated when absent' });
const accepted = z
  .object({
    messageId: z.string().meta({ description: 'The id of the call, given or generated' }),
    duplicate: z
      .boolean()
      .meta({ description: 'True when a call with this id was stored before, so that this one does nothing' }),
  })
  .meta({ id: 'Accepted' });
const answers = (messageId: string) => ({
  202: {
    description: 'Stored; it takes effect within seconds',
    schema: accepted,
    example: { messageId, duplicate: false },
  },
  404: { description: 'Unknown user or journey' },
});
const journeyParams = userParams.extend({ journey: text.meta({ description: 'The id of the journey' }) });
const message = z.object({
  userId: id,
  channels: z.union([givenChannel, z.array(givenChannel).min(1).max(MOST_CHANNELS)]).meta({
    description: `A channel, or a list of channels, of which the first that can reach the user is used: ${ANY_CHANNEL}`,
  }),
  template: text.min(1).max(200).meta({ description: 'The name of a shared template, which belongs to no journey' }),
  data: jsonObject.optional().meta({ description: 'Values for the template, available there as `data`' }),
  messageId,
});

/** Commands of support staff and other systems: enter a journey, leave it, send one message. */
export function byHandRoutes(deps: ApiDeps, { adminKey }: Gates): Route[] {
  const { database, definitions, clock, waker, templateProblem } = deps;
  async function addCommand(
    userId: string,
    given: string | number | undefined,
    name: string,
    properties: JsonObject,
    forget?: Forget,
  ): Promise<Reply<z.infer<typeof accepted>>> {
    const messageId = String(given ?? randomUUID());
    // Each kind of command has its own message ids: an app may use one order id for an event and for the message about it.
    const at = clock.now();
    const forgetAt = forgetAtOf(forget, properties, at);
    const event = { userId, messageId: `${name}/${messageId}`, name, at, properties, forgetAt };
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
      summary: 'Add a user to a journey by hand',
      description:
        'This ignores `reenter`, but not `maxOpenRuns`. A user who is already inside the journey stays where they are, or starts anew if `reenter` is `restart`.',
      access: adminKey,
      params: journeyParams,
      example: {
        params: { id: 'ada', journey: 'onboarding' },
        body: { properties: { plan: 'free' }, messageId: 'enter-ada' },
      },
      body: z
        .object({
          properties: jsonObject.default({}).meta({ description: 'As of the event by which users enter' }),
          messageId,
        })
        .optional(),
      answers: answers('enter-ada'),
      handle: async ({ params, body }) => {
        const journey = findJourney(definitions.current.journeys, params.journey);
        const properties = storable(body?.properties ?? {}, '/properties');
        const errors = await fitOf(journey)(properties, '');
        if (errors.length > 0) throw invalid(errors);
        const [event] = enteringEvents(journey);
        const forget = event && definitions.current.forget.get(event.name);
        return addCommand(params.id, body?.messageId, `${ENTER}${journey.id}`, properties, forget);
      },
    }),
    route({
      method: 'delete',
      path: '/v1/users/{id}/journeys/{journey}',
      name: 'leaveJourney',
      tag: 'Journeys',
      summary: 'Remove a user from a journey',
      description: 'Ends all runs of the user in this journey, or only the run with the given key.',
      access: adminKey,
      params: journeyParams,
      example: { params: { id: 'ada', journey: 'order' }, query: { key: 'order-7' } },
      query: z.object({ key: text.optional().meta({ description: 'The key of the run to end' }) }),
      answers: answers('5d0f1c9e-8a77-4b1e-9b0c-6f2f6f3c1a20'),
      handle: async ({ params, query: { key } }) => {
        const journey = findJourney(definitions.current.journeys, params.journey);
        return addCommand(params.id, undefined, `${LEAVE}${journey.id}`, key === undefined ? {} : { key });
      },
    }),
    route({
      method: 'post',
      path: '/v1/messages',
      name: 'sendMessage',
      tag: 'Messages',
      summary: 'Send one transactional message now',
      access: adminKey,
      example: {
        body: {
          userId: 'ada',
          channels: 'email',
          template: 'receipt',
          data: { total: '12.00' },
          messageId: 'receipt-7',
        },
      },
      body: message,
      answers: { ...answers('receipt-7'), 404: { description: 'Unknown user' } },
      handle: async ({ body }) => {
        const channels = [body.channels].flat();
        requireChannels(body.channels, definitions.current.channels, deps.setups);
        const problems = channels.flatMap((one) => templateProblem(one, body.template) ?? []);
        if (problems.length > 0) throw invalid(problems.map((detail) => ({ pointer: '/template', detail })));
        const data = storable(body.data ?? {}, '/data');
        return addCommand(String(body.userId), body.messageId, MESSAGE, { template: body.template, channels, data });
      },
    }),
  ];
}

/** @throws {Problem} 422 when one of the channels is not there, or nothing says how it sends */
function requireChannels(
  given: string | readonly string[],
  own: readonly ChannelSpec[] | undefined,
  setups: readonly ChannelSetup[],
): void {
  const errors = [given].flat().flatMap((name, index): FieldError[] => {
    const detail = noChannel(name, own) ?? unsentText(name, setups);
    const pointer = typeof given === 'string' ? '/channels' : `/channels/${index}`;
    return detail === null ? [] : [{ pointer, detail }];
  });
  if (errors.length > 0) throw invalid(errors);
}

/** Checks properties against the schema of the event by which users enter a journey. A journey that has none takes any. */
export function fitOf(journey: Journey): (properties: JsonObject, pointer: string) => Promise<FieldError[]> {
  const [event] = enteringEvents(journey);
  const catalogue = catalogueOf(event ? [event] : []);
  return async (properties, pointer) => (event ? mismatches(catalogue, event.name, properties, pointer) : []);
}

/**
 * The properties as PostgreSQL can store them.
 * @throws {Problem} 422 when they are too large or too deep
 */
export function storable(value: JsonObject, pointer: string): JsonObject {
  const json = storableJson(value);
  if ('problem' in json) throw invalidField(pointer, json.problem);
  return JSON.parse(json.text) as JsonObject;
}
