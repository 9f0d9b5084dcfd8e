import { randomUUID } from 'node:crypto';
import type { ApiClient } from './client';
import { monotonicMs } from './part';
import type { Side } from './side';

/** Returns the body of a batch request as a Segment client sends it: an identify call and a sign-up event. */
export function signUp(userId: string): { readonly batch: readonly unknown[] } {
  return {
    batch: [
      {
        type: 'identify',
        messageId: randomUUID(),
        userId,
        traits: { email: `${userId}@example.com`, firstName: 'Ada' },
      },
      { type: 'track', messageId: randomUUID(), userId, event: 'Signed Up', properties: { plan: 'free' } },
    ],
  };
}

/** Returns the body of a `POST /v1/track` request. */
export function did(userId: string, event: string, properties: Readonly<Record<string, unknown>> = {}): unknown {
  return { messageId: randomUUID(), userId, event, properties };
}

/** A request that causes a mail. */
interface MailRequest {
  readonly userId: string;
  readonly template: string;
  readonly path: '/v1/batch' | '/v1/track';
  readonly body: unknown;
  /** The API that gets the request, by default the side's first. */
  readonly api?: ApiClient;
}

/** Returns the time from a request to the delivery of the mail that it causes, in milliseconds. */
export async function timeToDelivery(
  side: Side,
  { userId, template, path, body, api = side.api }: MailRequest,
): Promise<number> {
  const delivered = side.delivery(userId, template);
  const begun = monotonicMs();
  await api.post(path, body);
  return (await delivered) - begun;
}

/** Runs one whole journey of a new user: sign-up, welcome, activation, congratulation. */
export async function travel(side: Side): Promise<void> {
  const userId = randomUUID();
  const welcomed = side.delivery(userId, 'welcome');
  await side.api.post('/v1/batch', signUp(userId));
  await welcomed;
  const congratulated = side.delivery(userId, 'congratulation');
  await side.api.post('/v1/track', did(userId, 'Activated'));
  await congratulated;
}

/** Runs a job `count` times, `atOnce` of them concurrently. */
export async function many(count: number, atOnce: number, job: () => Promise<void>): Promise<void> {
  let left = count;
  const work = async (): Promise<void> => {
    while (left-- > 0) await job();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
