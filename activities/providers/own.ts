import type { OwnDelivery, SendOwn } from '../../engine/authoring/own-message';
import type { JsonObject } from '../../engine/model/json';
import type { Delivery } from '../channels/channel';
import type { HandedOver, Provider } from './provider';
import { retryAfterMs } from './retry-after';

/** Real milliseconds for one message. */
const TIMEOUT_MS = 30_000;

/** Errors of a connection that was never made. */
const NOT_CONNECTED: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * The code of a team as the provider of its own channel.
 * @param settings what it has declared, read from the environment
 */
export function ownProvider(
  name: string,
  send: SendOwn,
  settings: Readonly<Record<string, string>>,
): Provider<JsonObject> {
  return {
    name,
    async send(message, signal) {
      const { id, userId, to, content, journey, step, transactional } = message;
      await message.confirm();
      const given = { id, userId, to, content, journey, step, transactional };
      try {
        const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
        const delivery = deliveryOf(await send(given, settings, limited));
        return { delivery, mayBeTaken: delivery.outcome === 'sent' };
      } catch (error) {
        return failure(error);
      }
    },
    async close() {},
  };
}

function deliveryOf(given: OwnDelivery): Delivery {
  if (given.outcome === 'sent') return { outcome: 'sent', providerId: given.id ?? null };
  const { detail } = given;
  if (given.outcome === 'refused') return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail };
  const afterMs = retryAfterMs(given.retryAfter ?? null, Date.now());
  return { outcome: 'retry', code: given.code, detail, ...(afterMs > 0 && { afterMs }) };
}

/**
 * The outcome of a request without an answer. `fetch` gives the error of the system as the cause of its own.
 * @throws the error itself when it comes from neither
 */
function failure(error: unknown): HandedOver {
  const { name, message: detail, cause } = error as Error;
  const { code } = (cause ?? error) as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || name === 'AbortError')
    return { delivery: { outcome: 'retry', code: 'ETIMEDOUT', detail }, mayBeTaken: true };
  if (typeof code !== 'string') throw error;
  return { delivery: { outcome: 'retry', code, detail }, mayBeTaken: !NOT_CONNECTED.includes(code) };
}
