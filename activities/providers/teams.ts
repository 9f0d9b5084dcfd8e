import type { TeamContent } from '../templates/company-content';
import { shortenedTo } from '../templates/shortened';
import { GuardedClient } from './guarded-client';
import { posted } from './posted';
import type { Provider } from './provider';
import type { ChatChannelOptions } from './slack';

/** Characters of one text. Teams takes 28 KB in all, and a message has at most 23 texts. */
const LIMITS = { title: 150, text: 3_000, field: 300, label: 75 } as const;

/** A card that Teams does not take. A workflow that is gone, switched off or asks for a login is a configuration. */
const REFUSALS = [400, 413];

/**
 * Posts to a channel of Microsoft Teams by a workflow ("When a Teams webhook request is received"), as an Adaptive Card. Teams answers
 * 202 when the workflow has taken the card. It knows no idempotency key: a message whose answer was lost may stand in the channel twice.
 */
export function teamsChannel({ name, url, timeoutMs = 30_000 }: ChatChannelOptions): Provider<TeamContent> {
  const client = new GuardedClient({ timeoutMs, privateToo: true });
  return {
    name,
    async send(message, signal) {
      const body = JSON.stringify(teamsMessage(message.content));
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      return posted(client, { name, refusals: REFUSALS, endpoint: url, headers, body }, message, signal);
    },
    async close() {
      client.close();
    },
  };
}

/**
 * A message as an Adaptive Card 1.4 (https://adaptivecards.io/explorer). Texts are runs of a RichTextBlock, in which Teams reads no
 * Markdown, unlike in a TextBlock or a FactSet.
 */
export function teamsMessage({ title, text, fields = [], button }: TeamContent): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            ...(title === undefined ? [] : [runs(run(title, LIMITS.title, { weight: 'Bolder', size: 'Medium' }))]),
            runs(run(text, LIMITS.text)),
            ...fields.map(({ name: label, value }) =>
              runs(run(`${label}: `, LIMITS.field, { weight: 'Bolder' }), run(value, LIMITS.field)),
            ),
          ],
          ...(button && {
            actions: [{ type: 'Action.OpenUrl', title: shortenedTo(button.label, LIMITS.label), url: button.url }],
          }),
        },
      },
    ],
  };
}

function runs(...inlines: readonly object[]): object {
  return { type: 'RichTextBlock', inlines };
}

function run(text: string, limit: number, style: Readonly<Record<string, string>> = {}): object {
  return { type: 'TextRun', text: shortenedTo(text, limit), ...style };
}
