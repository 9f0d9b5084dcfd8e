import addressparser from 'nodemailer/lib/addressparser';
import { generateRequestDetails, type RequestDetails, type RequestOptions, type VapidKeys } from 'web-push';
import { acceptableEndpoint } from '../../config/push-endpoint';
import { GuardedClient } from '../providers/guarded-client';
import { MAX_PAYLOAD_BYTES, pushPayload } from '../templates/push-payload';
import { AcceptedLately } from './accepted-lately';
import type { Channel, Delivery, Envelope } from './channel';
import { pushAnswer, pushFailure, summed, type PushAttempt } from './push-outcome';
import { rendered, type Rendering } from './rendered';

/** A browser that agreed to receive notifications; the fields of its `PushSubscription`. */
export interface Subscription {
  readonly id: string;
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  /** Our public key when the browser subscribed; null when it is not known. */
  readonly vapidKey: string | null;
  /** When its push service refused our signature last, if it has not accepted it since. */
  readonly refusedAt: Date | null;
}

/** Storage of subscriptions. */
export interface Subscriptions {
  list(userId: string): Promise<readonly Subscription[]>;
  remove(id: string): Promise<void>;
  /** Leaves a subscription out of `list` for a day. */
  setAside(id: string): Promise<void>;
  restore(id: string): Promise<void>;
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
/** For one push. Real milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Creates the web push channel (RFC 8030). It sends to every browser of the user, encrypted (RFC 8291) and signed (RFC 8292). Topic and
 * tag are made of the message's id, so that a repeated attempt replaces the earlier one.
 *
 * Expired subscriptions are removed, and so are those made for another key of ours. A subscription for which the service refuses our
 * signature is set aside for a day. Services don't say whether the subscription has another key or something of ours is wrong, such
 * as the clock, so it is removed only if the service refuses again after that day while it accepts the signature for others.
 */
export function webPushChannel({ vapid, mailFrom, subscriptions, ...rendering }: WebPushOptions): Channel {
  const client = new GuardedClient({ timeoutMs: TIMEOUT_MS });
  const acceptedLately = new AcceptedLately();
  const [contact] = addressparser(mailFrom, { flatten: true });
  const vapidDetails = { subject: `mailto:${contact?.address ?? ''}`, ...vapid };

  async function push(
    target: Subscription,
    payload: string,
    options: RequestOptions,
    signal: AbortSignal,
    confirm: () => Promise<void>,
  ): Promise<PushAttempt> {
    if (target.vapidKey !== null && target.vapidKey !== vapid.publicKey) return { outcome: 'gone' };
    let request: RequestDetails;
    try {
      request = generateRequestDetails(target, payload, { vapidDetails, ...options });
    } catch (error) {
      return { outcome: 'refused', detail: `can't encrypt for this subscription: ${String(error)}` };
    }
    return client.post(request, signal, confirm).then((answer) => pushAnswer(answer, Date.now()), pushFailure);
  }

  async function remember({ id, endpoint, refusedAt }: Subscription, { outcome }: PushAttempt): Promise<void> {
    if (outcome === 'accepted') {
      acceptedLately.note(endpoint, Date.now());
      if (refusedAt !== null) await subscriptions.restore(id);
    }
    if (outcome === 'gone') await subscriptions.remove(id);
    if (outcome !== 'unauthorized') return;
    if (refusedAt !== null && acceptedLately.by(endpoint, Date.now())) await subscriptions.remove(id);
    else await subscriptions.setAside(id);
  }

  return {
    name: 'webPush',
    async deliver(envelope, signal) {
      const stored = await subscriptions.list(envelope.user.id);
      const targets = stored.filter(({ endpoint }) => acceptableEndpoint(endpoint, rendering.publicUrl));
      if (targets.length === 0) return summed([]);
      return rendered(rendering, 'webPush', envelope, async (content) => {
        const payload = pushPayload(content, envelope.id);
        if (payload === null) return tooLong();
        const away = await envelope.turn?.();
        if (away) return away;
        const options = optionsFor(envelope);
        const confirm = (): Promise<void> => envelope.confirm();
        const attempts = await Promise.all(targets.map((target) => push(target, payload, options, signal, confirm)));
        // What is not remembered must not repeat the push. The next push finds out again.
        await Promise.allSettled(
          targets.flatMap((target, index) => (attempts[index] ? remember(target, attempts[index]) : [])),
        );
        return summed(attempts);
      });
    },
    async close() {
      client.close();
    },
  };
}

/** Push services take no longer message, and a part of a title or an address would be of no use. */
function tooLong(): Delivery {
  const detail = `title, url, tag and icon are longer than the ${MAX_PAYLOAD_BYTES} octets that push services take`;
  return { outcome: 'suppressed', cause: 'template', reason: 'template error', detail };
}

function optionsFor({ id, ttlMs, transactional }: Envelope): RequestOptions {
  return {
    TTL: Math.min(MAX_TTL_S, Math.max(0, Math.floor(ttlMs / 1_000))),
    topic: id.replaceAll('-', ''),
    urgency: transactional ? 'high' : 'normal',
  };
}
