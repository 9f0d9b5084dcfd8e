import { Webhook } from 'standardwebhooks';
import { startFake, type FakeService, type Received, type Reply } from './service';

/** Reads a request as a receiver does that knows this secret. @throws when the signature is not right */
export function verified(secret: string, { headers, body }: Received): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

/** Starts a receiver of Standard Webhooks that knows one secret. It answers 401 to a request that is not signed with it. */
export function startWebhookEndpoint(secret: string): Promise<FakeService> {
  return startFake((request): Reply => {
    try {
      verified(secret, request);
      return { status: 204 };
    } catch {
      return { status: 401 };
    }
  });
}
