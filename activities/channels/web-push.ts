import addressparser from 'nodemailer/lib/addressparser';
import { generateRequestDetails, type RequestDetails, type RequestOptions, type VapidKeys } from 'web-push';
import { acceptableEndpoint } from '../../config/push-endpoint';
import type { WebPushContent } from '../templates/content';
import type { Channel, Envelope } from './channel';
import { pushAnswer, pushFailure, summed, type PushAttempt } from './push-outcome';
import { PushClient } from './push-client';
import { rendered, type Rendering } from './rendered';

/** A browser that agreed to receive notifications; the fields of its `PushSubscription`. */
export interface Subscription {
  readonly id: string;
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** Storage of subscriptions. */
export interface Subscriptions {
  list(userId: string): Promise<readonly Subscription[]>;
  remove(id: string): Promise<void>;
}

/** Options of the web push channel. */
export interface WebPushOptions extends Rendering {
  readonly vapid: VapidKeys;
  /** The sender of emails. Push services get its address as our contact (RFC 8292 2.1). */
  readonly mailFrom: string;
  readonly subscriptions: Subscriptions;
}

/** Push services keep a message for at most four weeks. Seconds. */
const MAX_TTL_S = 28 * 86_400;

/**
 * Creates the web push channel (RFC 8030). It sends to every browser of the user, encrypted (RFC 8291) and signed (RFC 8292). Topic and
 * tag are made of the message's id, so that a repeated attempt replaces the earlier one. Expired subscriptions are removed.
 */
export function webPushChannel({ vapid, mailFrom, subscriptions, ...rendering }: WebPushOptions): Channel {
  const client = new PushClient();
  const [contact] = addressparser(mailFrom, { flatten: true });
  const vapidDetails = { subject: `mailto:${contact?.address ?? ''}`, ...vapid };

  async function push(
    target: Subscription,
    payload: string,
    options: RequestOptions,
    signal: AbortSignal,
    confirm: () => Promise<void>,
  ): Promise<PushAttempt> {
    let request: RequestDetails;
    try {
      request = generateRequestDetails(target, payload, { vapidDetails, ...options });
    } catch (error) {
      return { outcome: 'refused', detail: `can't encrypt for this subscription: ${String(error)}` };
    }
    const attempt = await client
      .post(request, signal, confirm)
      .then((answer) => pushAnswer(answer, Date.now()), pushFailure);
    // A failed removal must not repeat the push to other browsers. The next push finds the subscription gone again.
    if (attempt.outcome === 'gone') await subscriptions.remove(target.id).catch(() => undefined);
    return attempt;
  }

  return {
    name: 'webPush',
    async deliver(envelope, signal) {
      const stored = await subscriptions.list(envelope.user.id);
      const targets = stored.filter(({ endpoint }) => acceptableEndpoint(endpoint, rendering.publicUrl));
      if (targets.length === 0) return summed([]);
      return rendered(rendering, 'webPush', envelope, async (content) => {
        const payload = payloadOf(content, envelope);
        const options = optionsFor(envelope);
        const confirm = (): Promise<void> => envelope.confirm();
        return summed(await Promise.all(targets.map((target) => push(target, payload, options, signal, confirm))));
      });
    },
    async close() {
      client.close();
    },
  };
}

/** The payload for the service worker: the notification, and the message's id for reporting a click. */
function payloadOf(content: WebPushContent, { id }: Envelope): string {
  return JSON.stringify({ tag: id, ...content, messageId: id });
}

function optionsFor({ id, ttlMs, transactional }: Envelope): RequestOptions {
  return {
    TTL: Math.min(MAX_TTL_S, Math.max(0, Math.floor(ttlMs / 1_000))),
    topic: id.replaceAll('-', ''),
    urgency: transactional ? 'high' : 'normal',
  };
}
