import { pushChannel } from '../../activities/channels/push';
import { fcm } from '../../activities/providers/fcm';
import { GoogleToken, readServiceAccount } from '../../activities/providers/google-token';
import { guarded } from '../../activities/providers/guarded';
import { createPushDevices } from '../../store/push-devices';
import { startFcm } from '../../test/fakes/fcm';
import { TEXT, type BenchProvider } from './provider';

const DEVICES = `INSERT INTO push_devices (user_id, service, token, platform, last_seen_at)
SELECT id, 'fcm', id, 'android', 0 FROM unnest($1::text[]) AS u (id)`;

/** Starts Firebase Cloud Messaging on this machine. Each user has one Android device, whose token is the user's id. */
export async function fcmHere(): Promise<BenchProvider> {
  const fake = await startFcm();
  const token = await new GoogleToken(readServiceAccount(fake.serviceAccount)).get();
  return {
    channel: 'push',
    fake,
    ours: (rendering, database) => {
      const provider = guarded(fcm({ serviceAccount: fake.serviceAccount, url: fake.url }), {
        channel: 'push',
        weight: 1,
      });
      const providers = { fcm: [provider], apns: [] };
      const devices = createPushDevices(database);
      return pushChannel({ ...rendering, providers, devices, byUserId: [], sendTo: 'all' });
    },
    register: async ({ pool }, messages) => {
      await pool.query(DEVICES, [messages.map(({ id }) => id)]);
    },
    plain: ({ id }) => ({
      path: '/v1/projects/shop/messages:send',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ message: { token: id, notification: { title: TEXT.subject, body: TEXT.text } } }),
    }),
  };
}
