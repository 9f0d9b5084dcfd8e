import { z } from 'zod';
import { readInAppStates } from '../../store/in-app-state';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { IN_APP } from '../examples/in-app';
import { etagOf, isKnown } from '../etag';
import { goneUser } from '../gone-user';
import { route, type Route } from '../route';
import { inAppState, wholeState, wireState } from '../stream/state';

/** All that an app shows of the user that the token identifies: once, and as a stream. */
export function streamRoutes(
  { database, clock, definitions, pages }: ApiDeps,
  { userToken, lastingToken }: Gates,
): Route[] {
  const shared = { method: 'get', tag: 'Inbox', browser: true } as const;
  return [
    route({
      ...shared,
      access: userToken,
      path: '/v1/in-app',
      name: 'getInApp',
      summary: 'Retrieve all that an app shows of the authenticated user',
      description: 'Clients that cannot keep a stream open poll it with `If-None-Match`.',
      headers: z.object({ 'if-none-match': z.string().optional().meta({ description: 'The last `ETag`' }) }),
      answers: {
        200: { description: 'The state, with its `ETag`', schema: inAppState, example: IN_APP },
        304: { description: 'The state has not changed' },
      },
      handle: async ({ headers }, userId) => {
        const found = (await readInAppStates(database.pool, [userId], clock.now())).get(userId);
        if (!found) throw goneUser();
        const state = wireState(found, definitions.current);
        const etag = etagOf(state.version);
        if (isKnown(headers['if-none-match'], etag)) return { status: 304, headers: { ETag: etag } };
        return { status: 200, headers: { ETag: etag }, type: 'application/json', body: wholeState(state) };
      },
    }),
    route({
      ...shared,
      access: lastingToken,
      path: '/v1/stream',
      name: 'streamInApp',
      summary: 'Follow all that an app shows of the authenticated user',
      description:
        'Server-sent events. The data of an event `state` are those members of the state of `GET /v1/in-app` that have changed; the first ' +
        'event has all, or what has changed since `Last-Event-ID`. An event `end` says why the stream ends. ' +
        'A comment is sent every 15 seconds. A user may have 20 streams open.',
      headers: z.object({
        'last-event-id': z.string().optional().meta({ description: 'The `id` of the last event that was received' }),
      }),
      answers: { 200: { description: 'The events', type: 'text/event-stream' } },
      handle: async ({ headers }, token) => {
        pages.admit(token.userId);
        return {
          status: 200,
          type: 'text/event-stream',
          // Proxies of the kind of nginx would gather what is written. A connection that carried a stream carries nothing after it.
          headers: { 'X-Accel-Buffering': 'no', Connection: 'close' },
          stream: (response) => pages.open(response, token, headers['last-event-id'] ?? ''),
        };
      },
    }),
  ];
}
