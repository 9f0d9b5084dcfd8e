import { flagsOf } from '../../engine/flags/flags-of';
import { findFlagUser } from '../../store/flag-user';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { flagsOfUser } from '../flags-of-user';
import { route, type Route } from '../route';
import { ifNoneMatch, taggedReply } from '../tagged-reply';

/** The flags of the user that the token identifies. */
export function flagRoutes({ database, definitions }: ApiDeps, { userToken }: Gates): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/flags',
      name: 'getFlags',
      tag: 'Flags',
      summary: 'Retrieve the flags of the authenticated user',
      description:
        'Returns the flags that are defined, and those that journeys have set for the user. With `If-None-Match` it answers 304 while ' +
        'nothing has changed.',
      access: userToken,
      browser: true,
      headers: ifNoneMatch,
      answers: {
        200: {
          description: 'The flags',
          schema: flagsOfUser,
          example: { flags: { 'new-checkout': true }, variants: {} },
        },
        304: { description: 'Nothing has changed' },
      },
      handle: async ({ headers }, userId) =>
        taggedReply(flagsOf(definitions.current, await findFlagUser(database, userId, false)), headers),
    }),
  ];
}
