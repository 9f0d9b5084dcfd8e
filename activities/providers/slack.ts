import { shortenedTo } from '../templates/shortened';
import type { TeamContent } from '../templates/company-content';
import { GuardedClient } from './guarded-client';
import { posted } from './posted';
import type { Provider } from './provider';

/** Options of a channel of a company's chat. */
export interface ChatChannelOptions {
  /** The name by which templates choose it. */
  readonly name: string;
  /** The address of its incoming webhook, which is a secret. */
  readonly url: string;
  /** Real milliseconds for one request. Default: 30 seconds. */
  readonly timeoutMs?: number;
}

/** Slack's limits of characters (https://docs.slack.dev/reference/block-kit/blocks). */
const LIMITS = { title: 150, text: 3_000, field: 2_000, label: 75 } as const;

/** `invalid_payload`, `no_text`, `too_many_attachments` and the like. A webhook that is gone (403, 404, 410) is a configuration. */
const REFUSALS = [400, 413];

/**
 * Posts to a channel of a Slack workspace by an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
 * Slack knows no idempotency key: a message whose answer was lost may stand in the channel twice.
 */
export function slackChannel({ name, url, timeoutMs = 30_000 }: ChatChannelOptions): Provider<TeamContent> {
  const client = new GuardedClient({ timeoutMs, privateToo: true });
  return {
    name,
    async send(message, signal) {
      const body = JSON.stringify(slackMessage(message.content));
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      return posted(client, { name, refusals: REFUSALS, endpoint: url, headers, body }, message, signal);
    },
    async close() {
      client.close();
    },
  };
}

/**
 * A message as Block Kit writes it. All texts are `plain_text`, in which Slack reads neither mrkdwn nor mentions nor emoji codes.
 * `text` is what notifications show. Slack reads it as mrkdwn, so its three control characters are escaped.
 */
export function slackMessage({ title, text, fields = [], button }: TeamContent): object {
  return {
    text: escaped(shortenedTo(title === undefined ? text : `${title}: ${text}`, LIMITS.text)),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      ...(title === undefined ? [] : [{ type: 'header', text: plain(title, LIMITS.title) }]),
      { type: 'section', text: plain(text, LIMITS.text) },
      ...(fields.length === 0
        ? []
        : [{ type: 'section', fields: fields.map(({ name, value }) => plain(`${name}\n${value}`, LIMITS.field)) }]),
      ...(button
        ? [
            {
              type: 'actions',
              elements: [{ type: 'button', text: plain(button.label, LIMITS.label), url: button.url }],
            },
          ]
        : []),
    ],
  };
}

function plain(text: string, limit: number): object {
  return { type: 'plain_text', text: shortenedTo(text, limit), emoji: false };
}

/** The characters with which mentions and links begin (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
