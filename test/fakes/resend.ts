import { startFake, type FakeService } from './service';

/** A key that may send. */
export const RESEND_KEY = 're_key';

/** A Resend that keeps idempotency keys, as the real one does for 24 hours. */
export interface FakeResend extends FakeService {
  /** The messages that it has sent, one for each key. */
  readonly sent: () => number;
}

/** Starts a Resend that speaks its API (https://resend.com/docs/api-reference/emails/send-email). */
export async function startResend(): Promise<FakeResend> {
  const taken = new Map<string, { readonly body: string; readonly id: string }>();
  const service = await startFake(({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== '/emails') return error(404, 'not_found');
    if (headers['user-agent'] === undefined) return error(403, 'invalid_access');
    if (headers.authorization !== `Bearer ${RESEND_KEY}`) return error(403, 'invalid_api_key');
    const key = String(headers['idempotency-key']);
    const earlier = taken.get(key);
    if (earlier && earlier.body !== body) return error(409, 'invalid_idempotent_request');
    if (earlier) return { status: 200, body: { id: earlier.id } };
    const { to, tags } = JSON.parse(body) as { to: string[]; tags: { name: string; value: string }[] };
    if (!to.every((address) => address.includes('@'))) return error(422, 'validation_error');
    if (!tags.every(({ name, value }) => /^[\w-]{1,256}$/.test(name) && /^[\w-]{1,256}$/.test(value)))
      return error(422, 'validation_error');
    const id = `49a3999c-0ce1-4ea6-ab68-${String(taken.size).padStart(12, '0')}`;
    taken.set(key, { body, id });
    return { status: 200, body: { id } };
  });
  return Object.assign(service, { sent: () => taken.size });
}

function error(statusCode: number, name: string): { status: number; body: object } {
  return { status: statusCode, body: { statusCode, name, message: `The API says ${name}.` } };
}
