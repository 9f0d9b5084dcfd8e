import { slackChannel } from '../../activities/providers/slack';
import { teamsChannel } from '../../activities/providers/teams';
import type { Provider } from '../../activities/providers/provider';
import type { TeamContent } from '../../activities/templates/company-content';
import { freePort } from '../../dev/port';
import type { FakeService } from '../fakes/service';
import { startSlack } from '../fakes/slack';
import { startTeams } from '../fakes/teams';
import { unhurried } from '../channels/fixture';
import { outgoing } from './outgoing';
import { withheld } from './withheld';

const content: TeamContent = {
  title: 'Account fell silent',
  text: 'Acme <!channel> *has* not been seen & said nothing <https://evil.example|click>',
  fields: [{ name: 'Plan', value: '[pro](https://evil.example)' }],
  button: { label: 'Open', url: 'https://app.example.com/accounts/7' },
};

const plain = (text: string): object => ({ type: 'plain_text', text, emoji: false });
const line = (...inlines: readonly object[]): object => ({
  type: 'RichTextBlock',
  inlines: inlines.map((inline) => ({ type: 'TextRun', ...inline })),
});

const CHATS = {
  slack: {
    start: startSlack,
    path: '/services/T0/B0/secret',
    open: slackChannel,
    refused: 400,
    written: {
      text: 'Account fell silent: Acme &lt;!channel&gt; *has* not been seen &amp; said nothing &lt;https://evil.example|click&gt;',
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        { type: 'header', text: plain('Account fell silent') },
        { type: 'section', text: plain(content.text) },
        { type: 'section', fields: [plain('Plan\n[pro](https://evil.example)')] },
        {
          type: 'actions',
          elements: [{ type: 'button', text: plain('Open'), url: 'https://app.example.com/accounts/7' }],
        },
      ],
    },
  },
  teams: {
    start: startTeams,
    path: '/workflows/1/triggers/manual/paths/invoke?sig=s',
    open: teamsChannel,
    refused: 400,
    written: {
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
              line({ text: 'Account fell silent', weight: 'Bolder', size: 'Medium' }),
              line({ text: content.text }),
              line({ text: 'Plan: ', weight: 'Bolder' }, { text: '[pro](https://evil.example)' }),
            ],
            actions: [{ type: 'Action.OpenUrl', title: 'Open', url: 'https://app.example.com/accounts/7' }],
          },
        },
      ],
    },
  },
} as const;

describe.each(['slack', 'teams'] as const)('%s', (name) => {
  const chat = CHATS[name];
  let service: FakeService;
  let provider: Provider<TeamContent>;

  beforeEach(async () => {
    service = await chat.start();
    provider = chat.open({ name, url: `${service.url}${chat.path}`, timeoutMs: 3_000 });
  });
  afterEach(async () => {
    await provider.close();
    await service.stop();
  });

  test('takes a message for a channel of the company, in which nothing of a person is markup', async () => {
    expect(await provider.send(outgoing('default', content), unhurried())).toEqual({
      delivery: { outcome: 'sent', providerId: null },
      mayBeTaken: true,
    });
    expect(service.received).toHaveLength(1);
    expect(JSON.parse(service.received[0]?.body ?? '')).toEqual(chat.written);
  });

  test('asks for a pause by 429 and Retry-After', async () => {
    service.misbehave({ status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' });
    expect(await provider.send(outgoing('default', content), unhurried())).toEqual({
      delivery: { outcome: 'retry', code: `${name} 429`, detail: '429 rate_limited', afterMs: 30_000 },
      mayBeTaken: false,
    });
  });

  test.each([500, 503, 302, 403, 404])('answers %i, and the message is tried again', async (status) => {
    service.misbehave({ status, headers: { location: 'https://elsewhere.example' } });
    expect(await provider.send(outgoing('default', content), unhurried())).toMatchObject({
      delivery: { outcome: 'retry', code: `${name} ${status}` },
      mayBeTaken: false,
    });
    expect(service.received).toHaveLength(1);
  });

  test('refuses a message for good', async () => {
    service.misbehave({ status: chat.refused, body: 'invalid_payload' });
    expect(await provider.send(outgoing('default', content), unhurried())).toMatchObject({
      delivery: { outcome: 'suppressed', cause: 'bounced', detail: `${chat.refused} invalid_payload` },
    });
  });

  test.each(['closes', 'hangs'] as const)('%s after it has read the message, which it may have taken', async (way) => {
    service.misbehave(way);
    expect(await provider.send(outgoing('default', content), unhurried())).toMatchObject({
      delivery: { outcome: 'retry', code: way === 'hangs' ? 'ETIMEDOUT' : 'ECONNRESET' },
      mayBeTaken: true,
    });
  });

  test('is away, and the message was surely not taken', async () => {
    const away = chat.open({ name, url: `http://127.0.0.1:${await freePort()}${chat.path}` });
    expect(await away.send(outgoing('default', content), unhurried())).toMatchObject({
      delivery: { outcome: 'retry', code: 'ECONNREFUSED' },
      mayBeTaken: false,
    });
    await away.close();
  });

  test('does not get a message that may not be sent any more', async () => {
    const message = outgoing('default', content, { confirm: withheld });
    await expect(provider.send(message, unhurried())).rejects.toMatchObject({ code: 'WITHHELD' });
    expect(service.received).toEqual([]);
  });

  test('gets long texts cut to what it takes', async () => {
    const long = outgoing('default', { title: 't'.repeat(500), text: '👩‍👩‍👧'.repeat(2_000) });
    expect(await provider.send(long, unhurried())).toMatchObject({ delivery: { outcome: 'sent' } });
    const body = service.received[0]?.body ?? '';
    expect(body).toContain(`"${'t'.repeat(149)}…"`);
    expect(body).toMatch(/👩‍👩‍👧…"/u);
  });
});
