import { z } from 'zod';
import { signUserToken } from '../../config/tokens';
import type { ChannelName } from '../../engine/model/state';
import { changeConsent } from '../../store/consent';
import { eraseUser } from '../../store/erasure';
import { findUser, findUserId } from '../../store/users';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { TOKEN, USER } from '../examples/users';
import { answersByChannel, consent, CONSENT_CHANGE, userParams } from '../fields';
import { knownChannels, unknownChannels } from '../known-channels';
import { invalid, invalidField, Problem } from '../problem';
import { route, type Route } from '../route';
import { profile, profileResponse } from '../user-profile';

const deprecated = (channel: ChannelName): z.ZodOptional<z.ZodBoolean> =>
  z
    .boolean()
    .optional()
    .meta({ deprecated: true, description: `Use \`channels.${channel}\`` });

/** Consent under `channels`, as everywhere, or at the top as before. */
const consentBody = z.strictObject({
  channels: consent.optional(),
  email: deprecated('email'),
  webPush: deprecated('webPush'),
  inApp: deprecated('inApp'),
});

/** All answers of a user, in the way in which the request had them. */
const consentAnswer = z.union([z.strictObject({ channels: consent }), answersByChannel]);

const tokenRequest = z.object({
  ttlSeconds: z
    .int()
    .min(60)
    .max(30 * 86_400)
    .default(86_400)
    .meta({ description: 'The lifetime of the token, in real seconds' }),
});

/** The problem for an unknown user id. */
export function unknownUser(): Problem {
  return new Problem(404, { detail: 'There is no such user.' });
}

/** The profile, erasure, consent and tokens of a user. */
export function userRoutes({ database, definitions, clock, waker, config }: ApiDeps, { adminKey }: Gates): Route[] {
  const shared = { tag: 'Users', access: adminKey, params: userParams } as const;
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/users/{id}',
      name: 'getUser',
      summary: 'Retrieve a user',
      description:
        'Returns the profile, the stage and the runs, each with its current step and the time its wait ends.',
      example: { params: { id: 'ada' } },
      answers: {
        200: { description: 'The user', schema: profile, example: USER },
        404: { description: 'Unknown user' },
      },
      handle: async ({ params }) => {
        const user = await findUser(database, params.id);
        if (!user) throw unknownUser();
        return { status: 200, body: profileResponse(user) };
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/users/{id}',
      name: 'eraseUser',
      summary: 'Erase a user',
      description: 'Deletes all data about the user, in PostgreSQL and in Temporal.',
      example: { params: { id: 'ada' } },
      answers: {
        204: { description: 'The data is deleted; the workflow follows within seconds' },
        404: { description: 'Unknown user' },
      },
      handle: async ({ params }) => {
        if (!(await eraseUser(database, params.id))) throw unknownUser();
        return { status: 204 };
      },
    }),
    route({
      ...shared,
      method: 'put',
      path: '/v1/users/{id}/consent',
      name: 'setConsent',
      summary: 'Update the consent of a user',
      description: `${CONSENT_CHANGE} A request that has the channels at the top, which is deprecated, is answered in the same way.`,
      example: { params: { id: 'ada' }, body: { channels: { email: true, webPush: false } } },
      body: consentBody,
      answers: {
        200: {
          description: 'All explicit answers of the user',
          schema: consentAnswer,
          example: { channels: { email: true, webPush: false } },
        },
        404: { description: 'Unknown user' },
      },
      handle: async ({ params, body: { channels, ...atTop } }) => {
        if (channels && Object.keys(atTop).length > 0)
          throw invalidField('/channels', 'must be alone: put all channels in it, and none beside it');
        const answers = channels ?? consent.parse(atTop);
        const unknown = unknownChannels(answers, knownChannels(definitions), '/channels');
        if (unknown.length > 0) throw invalid(unknown);
        const change = { userId: params.id, answers, at: clock.now(), alsoAsAlias: true, origin: { source: 'api' } };
        const changed = await changeConsent(database, definitions, change);
        if (!changed) throw unknownUser();
        wake(waker, changed.pending);
        return { status: 200, body: channels ? { channels: changed.consent } : changed.consent };
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/users/{id}/token',
      name: 'createUserToken',
      summary: 'Create a user token',
      description:
        "With the token, the user's own client reads their inbox, sets their preferences and subscribes to notifications.",
      example: { params: { id: 'ada' }, body: { ttlSeconds: 3_600 } },
      body: tokenRequest.optional(),
      answers: {
        201: {
          description: 'The token',
          schema: z.object({
            token: z.string().meta({ description: 'A JSON Web Token' }),
            expiresAt: z.iso.datetime().meta({ description: 'In real time' }),
          }),
          example: TOKEN,
        },
        404: { description: 'Unknown user' },
      },
      handle: async ({ params, body = tokenRequest.parse({}) }) => {
        const userId = await findUserId(database, params.id);
        if (userId === null) throw unknownUser();
        const ttlMs = body.ttlSeconds * 1_000;
        const now = clock.real();
        const expiresAt = new Date(now + ttlMs).toISOString();
        return { status: 201, body: { token: await signUserToken(config.secret, userId, ttlMs, now), expiresAt } };
      },
    }),
  ];
}
