import { z } from 'zod';
import { findPreferences } from '../../store/preferences';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { CHANGED_PREFERENCES, PREFERENCES } from '../examples/preferences';
import { CONSENT_CHANGE, text, userParams } from '../fields';
import { knownChannels, unknownChannels } from '../known-channels';
import {
  changeAll,
  type AskedChange,
  preferences,
  preferencesChange,
  preferencesResponse,
  TOPICS_CHANGE,
} from '../preferences';
import { invalid } from '../problem';
import { route, type Route } from '../route';
import { unknownUser } from './users';

const DESCRIPTION = `${CONSENT_CHANGE} ${TOPICS_CHANGE}`;

/** What users choose to get, as their own client and the app's server ask for it. */
export function preferenceRoutes(deps: ApiDeps, { userToken, adminKey }: Gates): Route[] {
  const own = { path: '/v1/preferences', tag: 'Consent', access: userToken, browser: true } as const;
  const ofUser = { path: '/v1/users/{id}/preferences', tag: 'Consent', access: adminKey, params: userParams } as const;
  const known = (example: object) =>
    ({
      200: { description: 'Consent for every channel, and all topics', schema: preferences, example },
      404: { description: 'Unknown user' },
    }) as const;
  const response = (person: NonNullable<Awaited<ReturnType<typeof findPreferences>>>) =>
    ({ status: 200, body: preferencesResponse(person, deps.definitions) }) as const;
  async function change(asked: AskedChange): Promise<ReturnType<typeof response>> {
    const unknown = unknownChannels(asked.channels ?? {}, knownChannels(deps.definitions), '/channels');
    if (unknown.length > 0) throw invalid(unknown);
    const person = await changeAll(deps, asked);
    if (!person) throw unknownUser();
    return response(person);
  }

  return [
    route({
      ...own,
      method: 'get',
      name: 'getPreferences',
      summary: 'Retrieve the preferences of the authenticated user',
      description: 'A channel without an explicit answer counts as consented to.',
      answers: known(PREFERENCES),
      handle: async (_input, userId) => {
        const person = await findPreferences(deps.database, userId);
        if (person?.id !== userId) throw unknownUser();
        return response(person);
      },
    }),
    route({
      ...own,
      method: 'put',
      name: 'setPreferences',
      summary: 'Update the preferences of the authenticated user',
      description: DESCRIPTION,
      example: { body: { channels: { webPush: false } } },
      body: z.object(preferencesChange),
      answers: known(PREFERENCES),
      handle: async ({ body: { wording, ...asked } }, userId) => {
        const origin = { source: 'app', ...(wording !== undefined && { wording }) };
        return change({ userId, ...asked, origin, alsoAsAlias: false });
      },
    }),
    route({
      ...ofUser,
      method: 'get',
      name: 'getUserPreferences',
      summary: 'Retrieve the preferences of a user',
      description: 'A channel without an explicit answer counts as consented to.',
      example: { params: { id: 'ada' } },
      answers: known(PREFERENCES),
      handle: async ({ params }) => {
        const person = await findPreferences(deps.database, params.id);
        if (!person) throw unknownUser();
        return response(person);
      },
    }),
    route({
      ...ofUser,
      method: 'put',
      name: 'setUserPreferences',
      summary: 'Update the preferences of a user',
      description: DESCRIPTION,
      example: {
        params: { id: 'ada' },
        body: {
          topics: { digest: { subscribed: true, frequency: 'weekly' } },
          source: 'sign-up form',
          wording: 'Send me the digest.',
        },
      },
      body: z.object({
        ...preferencesChange,
        source: text
          .min(1)
          .max(100)
          .default('api')
          .meta({ description: 'Where the person answered. It is kept with the answers' }),
      }),
      answers: known(CHANGED_PREFERENCES),
      handle: async ({ params, body: { wording, source, ...asked } }) => {
        const origin = { source, ...(wording !== undefined && { wording }) };
        return change({ userId: params.id, ...asked, origin, alsoAsAlias: true });
      },
    }),
  ];
}
