import { createECDH, randomBytes } from 'node:crypto';
import { generateRequestDetails, generateVAPIDKeys } from 'web-push';
import { webPushChannel } from '../../activities/channels/web-push';
import { createSubscriptions } from '../../store/push-subscriptions';
import { startFake } from '../../test/fakes/service';
import { TEXT, type BenchProvider } from './provider';

const CONTACT = 'bench@example.com';
const BROWSERS = `INSERT INTO push_subscriptions (user_id, endpoint, keys, vapid_key, created_at)
SELECT id, $2 || id, $3::jsonb, $4, 0 FROM unnest($1::text[]) AS u (id)`;

/** Starts a push service of browsers on this machine. Each user has one browser; all browsers have the same keys. */
export async function webPushHere(): Promise<BenchProvider> {
  const fake = await startFake(({ headers }) => ({
    status: headers.authorization?.startsWith('vapid t=') ? 201 : 401,
  }));
  const vapid = generateVAPIDKeys();
  const keys = {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: randomBytes(16).toString('base64url'),
  };
  return {
    channel: 'webPush',
    fake,
    ours: (rendering, database) =>
      webPushChannel({ ...rendering, vapid, mailFrom: CONTACT, subscriptions: createSubscriptions(database) }),
    register: async ({ pool }, messages) => {
      const ids = messages.map(({ id }) => id);
      await pool.query(BROWSERS, [ids, `${fake.url}/`, JSON.stringify(keys), vapid.publicKey]);
    },
    plain: ({ id }) => {
      const payload = JSON.stringify({ title: TEXT.subject, body: TEXT.text });
      const vapidDetails = { subject: `mailto:${CONTACT}`, ...vapid };
      const { headers, body } = generateRequestDetails({ endpoint: `${fake.url}/${id}`, keys }, payload, {
        vapidDetails,
      });
      return { path: `/${id}`, headers, body };
    },
  };
}
