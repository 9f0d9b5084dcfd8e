import { verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Pool } from 'pg';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import { publicKeyOf } from '../../config/public-key';
import { EMAIL_SECRETS } from '../../test/fakes/signed-receipts';
import { TWILIO_ACCOUNT } from '../../test/fakes/twilio';

/** The table of an app that sends by itself. */
export const PLAIN_TABLE =
  'CREATE TABLE plain_messages (id uuid PRIMARY KEY, sent_at bigint, delivered_at bigint) WITH (fillfactor = 80)';
const DELIVERED = 'UPDATE plain_messages SET delivered_at = $2 WHERE id = $1';
const KEY = publicKeyOf(EMAIL_SECRETS.SENDGRID_WEBHOOK_KEY);

/** Where providers report to an app that sends by itself: it checks the signature and stores each receipt by one UPDATE. */
export async function startPlainApp(pool: Pool): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((request, response) => {
    const answer = (status: number): void => void response.writeHead(status).end();
    void buffer(request)
      .then((body) => {
        const id = idIn(request.url ?? '', request.headers as Record<string, string>, body, url);
        return id === null ? null : pool.query({ name: 'plain-delivered', text: DELIVERED, values: [id, Date.now()] });
      })
      .then(
        (stored) => answer(stored ? 204 : 401),
        () => answer(500),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, stop: () => server.close() };
}

/** The message of a genuine report; null when the signature is wrong. */
function idIn(path: string, headers: Readonly<Record<string, string>>, body: Buffer, url: string): string | null {
  if (path === '/v1/receipts/sendgrid') {
    const signature = Buffer.from(headers['x-twilio-email-event-webhook-signature'] ?? '', 'base64');
    const signed = Buffer.concat([Buffer.from(headers['x-twilio-email-event-webhook-timestamp'] ?? ''), body]);
    if (!verify('sha256', signed, KEY, signature)) return null;
    return (JSON.parse(body.toString()) as { sojourn_message_id: string }[])[0]?.sojourn_message_id ?? null;
  }
  const fields = Object.fromEntries(new URLSearchParams(body.toString()));
  const isGenuine = validateRequest(TWILIO_ACCOUNT.authToken, headers['x-twilio-signature'] ?? '', url + path, fields);
  return isGenuine ? new URL(url + path).searchParams.get('message') : null;
}
