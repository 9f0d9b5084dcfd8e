import { Webhook } from 'standardwebhooks';
import { acceptableEndpoint } from '../../config/push-endpoint';
import { getOwn } from '../../engine/model/own-property';
import type { WebhookContent } from '../templates/company-content';
import { GuardedClient } from './guarded-client';
import { posted, unknownTarget } from './posted';
import type { Outgoing, Provider } from './provider';

/** An endpoint of a webhook. */
export interface WebhookEndpoint {
  readonly url: string;
  /**
   * Its secrets, as Standard Webhooks writes them: `whsec_` and 24 to 64 octets in base64. Each signs every request, so that a
   * receiver can be given a new one while it still knows only the former one.
   */
  readonly secrets: readonly string[];
  /** The endpoint may be inside our own network, and have plain http. Default: false. */
  readonly isPrivate?: boolean;
}

/** Options of the webhook provider. */
export interface WebhookOptions {
  /** The endpoints by name. A template that names none goes to `default`. */
  readonly endpoints: Readonly<Record<string, WebhookEndpoint>>;
  /** Our own address. On loopback (development, tests), endpoints on loopback are public, too. */
  readonly publicUrl: string;
  /** Default: `webhook`. */
  readonly name?: string;
  /** Real milliseconds for one request. Default: 15 seconds, as Standard Webhooks advises at least. */
  readonly timeoutMs?: number;
}

/**
 * Statuses that end a message: the request itself is wrong, or the endpoint is gone (410). Redirects are not followed, and count as a
 * configuration that somebody mends.
 */
const REFUSALS = [400, 410, 413, 422];

/**
 * Posts messages to endpoints of the company's own by Standard Webhooks 1.0 (https://www.standardwebhooks.com). `webhook-id` is the id
 * of the message, the same at every attempt, by which a receiver drops a repetition.
 * @throws {Error} when an endpoint's address or secret can't be used
 */
export function webhook({
  endpoints,
  publicUrl,
  name = 'webhook',
  timeoutMs = 15_000,
}: WebhookOptions): Provider<WebhookContent> {
  const open = new GuardedClient({ timeoutMs, privateToo: true });
  const guarded = new GuardedClient({ timeoutMs });
  const known = Object.fromEntries(
    Object.entries(endpoints).map(([key, endpoint]) => [key, usable(key, endpoint, publicUrl)]),
  );
  return {
    name,
    async send(message, signal) {
      const endpoint = getOwn(known, message.to);
      if (!endpoint) return unknownTarget(name, 'endpoint', message.to);
      const at = new Date();
      const body = JSON.stringify(eventOf(message, at));
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Sojourn',
        'webhook-id': message.id,
        'webhook-timestamp': Math.floor(at.getTime() / 1_000),
        'webhook-signature': endpoint.signers.map((signer) => signer.sign(message.id, at, body)).join(' '),
      };
      const client = endpoint.isPrivate ? open : guarded;
      return posted(client, { name, refusals: REFUSALS, endpoint: endpoint.url, headers, body }, message, signal);
    },
    async close() {
      open.close();
      guarded.close();
    },
  };
}

/** The body of a request: an event by Standard Webhooks, and whom it is about. */
function eventOf({ userId, journey, step, content }: Outgoing<WebhookContent>, at: Date): object {
  const { type, data = {} } = content;
  return { type, timestamp: at.toISOString(), userId, journey, step, data };
}

interface UsableEndpoint {
  readonly url: string;
  readonly isPrivate: boolean;
  readonly signers: readonly Webhook[];
}

function usable(key: string, { url, secrets, isPrivate = false }: WebhookEndpoint, publicUrl: string): UsableEndpoint {
  const isHttp = URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
  if (!isHttp || !(isPrivate || acceptableEndpoint(url, publicUrl)))
    throw new Error(
      `The webhook endpoint '${key}' must be an https URL on the public internet. For an address inside your network, say isPrivate: true.`,
    );
  if (secrets.length === 0) throw new Error(`The webhook endpoint '${key}' has no secret.`);
  return { url, isPrivate, signers: secrets.map((secret) => signer(key, secret)) };
}

function signer(key: string, secret: string): Webhook {
  const octets = Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length;
  if (!/^whsec_[\w+/]+=*$/.test(secret) || octets < 24 || octets > 64)
    throw new Error(
      `A secret of the webhook endpoint '${key}' is not whsec_ and 24 to 64 octets in base64. To make one: echo whsec_$(openssl rand -base64 32)`,
    );
  return new Webhook(secret);
}
