import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { webhookChannel } from '../../activities/channels/company';
import { guarded } from '../../activities/providers/guarded';
import { webhook } from '../../activities/providers/webhook';
import { startWebhookEndpoint } from '../../test/fakes/webhook-endpoint';
import type { BenchProvider } from './provider';

/** Starts a receiver of Standard Webhooks on this machine. */
export async function webhookHere(): Promise<BenchProvider> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const fake = await startWebhookEndpoint(secret);
  const signer = new Webhook(secret);
  return {
    channel: 'webhook',
    fake,
    ours: (rendering) => {
      const { publicUrl } = rendering;
      const provider = webhook({ name: 'crm', url: fake.url, secrets: [secret], isPrivate: true, publicUrl });
      return webhookChannel({ ...rendering, providers: [guarded(provider, { channel: 'webhook', weight: 1 })] });
    },
    plain: ({ id }) => {
      const at = new Date();
      const body = JSON.stringify({ type: 'gate.changed', timestamp: at.toISOString(), data: {} });
      const headers = {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': signer.sign(id, at, body),
      };
      return { path: '/', headers, body };
    },
  };
}
