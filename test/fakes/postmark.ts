import { startFake, type FakeService } from './service';

/** A server with this token exists. */
export const POSTMARK_TOKEN = 'postmark-server-token';

/** Recipients to whom Postmark sends nothing any more. */
export const INACTIVE = 'inactive@example.com';

/** Starts a Postmark that speaks its email API (https://postmarkapp.com/developer/api/email-api). */
export function startPostmark(): Promise<FakeService> {
  return startFake(({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== '/email') return { status: 404 };
    if (headers['x-postmark-server-token'] !== POSTMARK_TOKEN)
      return error(401, 10, 'The Server Token you provided in the X-Postmark-Server-Token request header was invalid.');
    const { To: to, From: from, Subject: subject } = JSON.parse(body) as Readonly<Record<string, unknown>>;
    if (to === INACTIVE)
      return error(422, 406, `You tried to send to recipient(s) that have been marked as inactive: ${INACTIVE}.`);
    if (typeof to !== 'string' || !to.includes('@')) return error(422, 300, "Invalid 'To' address.");
    if (typeof from !== 'string' || typeof subject !== 'string') return error(422, 300, "Invalid 'From' address.");
    if (from.includes('unconfirmed')) return error(422, 401, 'The Sender Signature has not been confirmed.');
    return {
      status: 200,
      body: {
        ...{ To: to, SubmittedAt: '2026-11-30T12:00:00.0000000Z', ErrorCode: 0, Message: 'OK' },
        MessageID: 'b7bc2f4a-e38e-4336-af7d-e6c392c2f817',
      },
    };
  });
}

function error(status: number, ErrorCode: number, Message: string): { status: number; body: object } {
  return { status, body: { ErrorCode, Message } };
}
