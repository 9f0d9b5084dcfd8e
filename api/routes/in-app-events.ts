import { z } from 'zod';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { RECEIVED } from '../examples/received';
import { instant } from '../fields';
import { receiver } from '../receive-calls';
import { received } from '../received-calls';
import { route, type Route } from '../route';
import { readInstant } from '../segment/instant';
import { listedCall, type CallType } from '../segment/schema';

const MOST_CALLS = 100;
/** Groups and aliases say something of others, and so need a key of the app. */
const TYPES = ['track', 'identify', 'page', 'screen'] as const satisfies readonly CallType[];

const ignored = z.unknown().optional().meta({ description: 'Ignored: the call is one of the user of the token' });
const described = z.object({
  events: z
    .array(z.union(TYPES.map((type) => listedCall(type).extend({ userId: ignored, anonymousId: ignored }))))
    .min(1)
    .max(MOST_CALLS)
    .meta({ description: 'The calls, in the order they happened' }),
  sentAt: instant.meta({ description: 'When the request was sent, by the clock of the client' }),
});

/** What an app reports of the user that the token identifies. */
export function inAppEventRoutes(deps: ApiDeps, { userToken }: Gates): Route[] {
  const receive = receiver(deps);
  return [
    route({
      method: 'post',
      tag: 'Events',
      access: userToken,
      browser: true,
      path: '/v1/in-app/events',
      name: 'sendInAppEvents',
      summary: `Send up to ${MOST_CALLS} calls of the authenticated user at once`,
      description:
        'Takes calls of the types `track`, `identify`, `page` and `screen`, each stored or rejected on its own. They are those of the user of ' +
        'the token, whatever ids they name.',
      example: {
        body: {
          events: [{ type: 'track', event: 'Project Created', properties: { name: 'Ark' }, messageId: 'project-2' }],
        },
      },
      body: z.object({
        events: z.array(z.unknown()).min(1).max(MOST_CALLS, `must not have more than ${MOST_CALLS} calls`),
        sentAt: instant,
      }),
      documentedBody: described,
      answers: {
        200: {
          description: 'Stored, now or by an earlier request with the same messageId; `rejected` lists invalid calls',
          schema: received,
          example: RECEIVED,
        },
      },
      handle: ({ body }, userId) =>
        receive(
          body.events.map((call, index) => ({ call: ofUser(call, userId), pointer: `/events/${index}` })),
          // Otherwise what a client had kept would make an erased user known again.
          { sentAt: readInstant(body.sentAt), mergeable: 'visitors', types: TYPES, ofKnownUsers: true },
        ),
    }),
  ];
}

/** The call as one of this user. Nobody is merged by it. */
function ofUser(call: unknown, userId: string): unknown {
  return typeof call === 'object' && call !== null ? { ...call, userId, anonymousId: null } : call;
}
