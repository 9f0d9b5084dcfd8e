import { Webhook } from 'standardwebhooks';
import { acceptableEndpoint } from '../../config/push-endpoint';
import type { WebhookContent } from '../templates/company-content';
import { GuardedClient } from './guarded-client';
import { posted } from './posted';
import type { Outgoing, Provider } from './provider';

/** Options of an endpoint. */
export interface WebhookOptions {
  /** The name by which templates choose it. */
  readonly name: string;
  readonly url: string;
  /**
   * Its secrets, as Standard Webhooks writes them: `whsec_` and 24 to 64 octets in base64. Each signs every request, so that a
   * receiver can be given a new one while it still knows only the former one.
   */
  readonly secrets: readonly string[];
  /** The endpoint may be inside our own network, and have plain http. Default: false. */
  readonly isPrivate?: boolean;
  /** Our own address. On loopback (development, tests), endpoints on loopback are public, too. */
  readonly publicUrl: string;
  /** Real milliseconds for one request. Default: 15 seconds, the least that Standard Webhooks advises. */
  readonly timeoutMs?: number;
}

/**
 * Statuses that end a message: the request itself is wrong, or the endpoint is gone (410). Redirects are not followed, and count as a
 * configuration that somebody mends.
 */
const REFUSALS = [400, 410, 413, 422];

/**
 * Posts messages to an endpoint of the company's own by Standard Webhooks 1.0 (https://www.standardwebhooks.com). `webhook-id` is the id
 * of the message, the same at every attempt, by which a receiver drops a repetition.
 * @throws {Error} when the address or a secret can't be used
 */
export function webhook(options: WebhookOptions): Provider<WebhookContent> {
  const { name, url, isPrivate = false, publicUrl, timeoutMs = 15_000 } = options;
  const isHttp = URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
  if (!isHttp || !(isPrivate || acceptableEndpoint(url, publicUrl)))
    throw new Error(
      `The webhook endpoint '${name}' must be an https URL on the public internet. For an address inside your network, say network: 'private'.`,
    );
  const signers = options.secrets.map((secret) => signer(name, secret));
  const client = new GuardedClient({ timeoutMs, privateToo: isPrivate });
  return {
    name,
    async send(message, signal) {
      const at = new Date();
      const body = JSON.stringify(eventOf(message, at));
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Sojourn',
        'webhook-id': message.id,
        'webhook-timestamp': Math.floor(at.getTime() / 1_000),
        'webhook-signature': signers.map((one) => one.sign(message.id, at, body)).join(' '),
      };
      return posted(client, { name, refusals: REFUSALS, endpoint: url, headers, body }, message, signal);
    },
    async close() {
      client.close();
    },
  };
}

/** The body of a request: an event by Standard Webhooks, and whom it is about. */
function eventOf({ userId, journey, step, content }: Outgoing<WebhookContent>, at: Date): object {
  const { type, data = {} } = content;
  return { type, timestamp: at.toISOString(), userId, journey, step, data };
}

function signer(name: string, secret: string): Webhook {
  const octets = Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length;
  if (!/^whsec_[\w+/]+=*$/.test(secret) || octets < 24 || octets > 64)
    throw new Error(
      `A secret of the webhook endpoint '${name}' is not whsec_ and 24 to 64 octets in base64. To make one: echo whsec_$(openssl rand -base64 32)`,
    );
  return new Webhook(secret);
}
