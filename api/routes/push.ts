import { z } from 'zod';
import { nameServers } from '../../config/addresses-of';
import { acceptableEndpoint, leadsInside } from '../../config/push-endpoint';
import { createSubscriptions } from '../../store/push-subscriptions';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { SUBSCRIPTION_EXAMPLE } from '../examples/requests';
import { invalidField, Problem } from '../problem';
import { route, type Route } from '../route';
import { unknownUser } from './users';

const base64url = z
  .string()
  .regex(/^[\w-]+={0,2}$/, 'must be base64url')
  .max(200);
/** A URL. Serialized URLs contain no other characters (https://url.spec.whatwg.org/#url-serializing). */
const endpoint = z
  .string()
  .regex(/^[\x21-\x7e]*$/, 'must be a URL')
  .max(2_000)
  .meta({ description: 'The address at the push service of the browser' });

/** A subscription, as `PushSubscription.toJSON()` returns it (https://w3c.github.io/push-api/). */
const subscription = z.object({
  endpoint,
  keys: z
    .object({
      p256dh: base64url.meta({ description: 'The public key of the browser, in base64url' }),
      auth: base64url.meta({ description: 'The secret for the encryption, in base64url' }),
    })
    .meta({ description: 'As `PushSubscription.toJSON()` has them' }),
});

const NOT_PUBLIC = 'must be an https URL on the public internet';

/** The subscriptions of browsers to notifications. */
export function pushRoutes(
  { database, clock, config, vapidPublicKey, addressesOf = nameServers() }: ApiDeps,
  { anyone, userToken }: Gates,
): Route[] {
  const subscriptions = createSubscriptions(database);
  const ours = vapidPublicKey.replace(/=+$/, '');
  const shared = { tag: 'Web push', path: '/v1/push/subscriptions', access: userToken, browser: true } as const;
  return [
    route({
      method: 'get',
      path: '/v1/push/key',
      name: 'getPushKey',
      tag: 'Web push',
      summary: 'Retrieve the public key for subscriptions',
      description: 'Browsers pass the key to `PushManager.subscribe()` as `applicationServerKey`.',
      access: anyone,
      unlimited: true,
      browser: true,
      answers: {
        200: {
          description: 'The key',
          schema: z.object({ publicKey: z.string().meta({ description: 'A VAPID key in base64url' }) }),
          example: { publicKey: SUBSCRIPTION_EXAMPLE.keys.p256dh },
        },
      },
      handle: async () => ({ status: 200, body: { publicKey: vapidPublicKey } }),
    }),
    route({
      ...shared,
      method: 'post',
      name: 'addPushSubscription',
      summary: 'Subscribe a browser of the authenticated user to notifications',
      example: { body: SUBSCRIPTION_EXAMPLE },
      body: subscription
        .extend({
          applicationServerKey: base64url.optional().meta({
            description:
              'The key that the browser has subscribed with (`subscription.options.applicationServerKey`). Any other key than that of `GET /v1/push/key` is refused, because only the owner of the other key can push to the browser.',
          }),
        })
        .refine((given) => acceptableEndpoint(given.endpoint, config.publicUrl), {
          path: ['endpoint'],
          error: NOT_PUBLIC,
        })
        .refine(({ applicationServerKey: key = ours }) => key.replace(/=+$/, '') === ours, {
          path: ['applicationServerKey'],
          error: 'must be the key of GET /v1/push/key: unsubscribe the browser and subscribe it again',
        }),
      answers: { 204: { description: 'Subscribed' }, 404: { description: 'Unknown user' } },
      handle: async ({ body }, userId) => {
        if (await leadsInside(body.endpoint, addressesOf)) throw invalidField('/endpoint', NOT_PUBLIC);
        if (!(await subscriptions.add(userId, body, vapidPublicKey, clock.now()))) throw unknownUser();
        return { status: 204 };
      },
    }),
    route({
      ...shared,
      method: 'delete',
      name: 'removePushSubscription',
      summary: 'Unsubscribe a browser of the authenticated user from notifications',
      example: { body: { endpoint: SUBSCRIPTION_EXAMPLE.endpoint } },
      body: z.object({ endpoint }),
      answers: { 204: { description: 'Removed' }, 404: { description: 'The user has no such subscription' } },
      handle: async ({ body }, userId) => {
        if (await subscriptions.removeEndpoint(userId, body.endpoint)) return { status: 204 };
        throw new Problem(404, { detail: 'The user has no such subscription.' });
      },
    }),
  ];
}
