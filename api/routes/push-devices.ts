import { z } from 'zod';
import { languageTag } from '../../engine/model/localized';
import { createPushDevices, PLATFORMS, PUSH_SERVICES } from '../../store/push-devices';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { DEVICE_EXAMPLE } from '../examples/requests';
import { Problem } from '../problem';
import { route, type Route } from '../route';
import { unknownUser } from './users';

const token = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must be a token as FCM or APNs gives it')
  .max(1_000)
  .meta({ description: "The installation's token: of FCM, or of APNs in hexadecimal digits" });

const device = z.object({
  token,
  platform: z.enum(PLATFORMS).meta({ description: 'The system of the device' }),
  service: z
    .enum(PUSH_SERVICES)
    .optional()
    .meta({ description: 'Whose token it is. Default: `apns` for `ios`, `fcm` for `android`' }),
  app: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, 'must be a bundle id or the name of a package')
    .max(200)
    .optional()
    .meta({ description: 'The bundle id or package of the app. Default: the one that the provider is set up for' }),
  locale: z
    .string()
    .max(100)
    .refine((name) => languageTag(name) !== null, 'must be a language tag such as de or de-AT')
    .optional()
    .meta({
      description:
        'The language of the device, such as `de-AT`. Messages come in it unless the user has a trait `locale`',
    }),
});

/** The devices of apps that show push messages. */
export function pushDeviceRoutes({ database, clock }: ApiDeps, { userToken }: Gates): Route[] {
  const devices = createPushDevices(database);
  const shared = { tag: 'Mobile push', path: '/v1/push/devices', access: userToken, browser: true } as const;
  return [
    route({
      ...shared,
      method: 'post',
      name: 'addPushDevice',
      summary: 'Register a device of the authenticated user for push messages',
      description:
        'Apps call it at each start, and when their token changes: a device counts as seen then. A token that another user had belongs to this user from now on.',
      example: { body: DEVICE_EXAMPLE },
      body: device
        .transform(({ service, ...rest }) => ({
          ...rest,
          service: service ?? (rest.platform === 'ios' ? ('apns' as const) : ('fcm' as const)),
        }))
        .refine((given) => given.service !== 'apns' || /^[0-9a-f]+$/i.test(given.token), {
          path: ['token'],
          error: 'must be the hexadecimal digits of a token of APNs; for a token of Firebase, say service: fcm',
        })
        .refine(({ service, platform }) => service !== 'apns' || platform === 'ios', {
          path: ['service'],
          error: 'must be fcm for android',
        }),
      answers: { 204: { description: 'Registered' }, 404: { description: 'Unknown user' } },
      handle: async ({ body }, userId) => {
        if (
          !(await devices.add(
            userId,
            { ...body, app: body.app ?? null, locale: languageTag(body.locale) },
            clock.now(),
          ))
        )
          throw unknownUser();
        return { status: 204 };
      },
    }),
    route({
      ...shared,
      method: 'delete',
      name: 'removePushDevice',
      summary: 'Remove a device of the authenticated user',
      description: 'Apps call it when the user signs out.',
      example: { body: { token: DEVICE_EXAMPLE.token } },
      body: z.object({ token }),
      answers: { 204: { description: 'Removed' }, 404: { description: 'The user has no such device' } },
      handle: async ({ body }, userId) => {
        if (await devices.removeToken(userId, body.token)) return { status: 204 };
        throw new Problem(404, { detail: 'The user has no such device.' });
      },
    }),
  ];
}
