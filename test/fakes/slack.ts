import { startFake, type FakeService, type Reply } from './service';

/**
 * Starts a stand-in for Slack's incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). The
 * address of a webhook is `url` and the path `/services/T/B/…`.
 */
export function startSlack(): Promise<FakeService> {
  return startFake(({ method, path, body }): Reply => {
    if (method !== 'POST' || !path.startsWith('/services/T')) return { status: 404, body: 'no_service' };
    const { text, blocks } = JSON.parse(body) as { text?: unknown; blocks?: unknown };
    if (text === undefined && blocks === undefined) return { status: 400, body: 'no_text' };
    return { status: 200, body: 'ok' };
  });
}
