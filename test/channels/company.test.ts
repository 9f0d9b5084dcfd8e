import type { Channel } from '../../activities/channels/channel';
import { teamChatChannel, webhookChannel } from '../../activities/channels/company';
import { slackChannel } from '../../activities/providers/slack';
import { webhook } from '../../activities/providers/webhook';
import type { Templates } from '../../activities/templates/load';
import type { FakeService } from '../fakes/service';
import { startSlack } from '../fakes/slack';
import { startWebhookEndpoint } from '../fakes/webhook-endpoint';
import { context, envelope, templatesOf, unhurried } from './fixture';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

let templates: Templates;
let chat: FakeService;
let crm: FakeService;
let channels: { readonly slack: Channel; readonly webhook: Channel };

beforeAll(async () => {
  templates = await templatesOf({
    'onboarding/templates/welcome.slack.yaml':
      'channel: sales\ntitle: New user\ntext: "{{ user.traits.firstName }} wrote {{ data.said }}"\nfields:\n  - { name: Stage, value: "{{ user.stage }}" }',
    'onboarding/templates/first.slack.yaml': 'text: to the first',
    'onboarding/templates/lost.slack.yaml': 'channel: nowhere\ntext: to nobody',
    'onboarding/templates/welcome.webhook.yaml':
      'type: user.welcomed\ndata:\n  plan: "{{ event.properties.plan }}"\n  tags: ["a", "{{ user.stage }}"]',
    'onboarding/templates/broken.webhook.yaml': 'type: "not a type"',
  });
});
beforeEach(async () => {
  [chat, crm] = await Promise.all([startSlack(), startWebhookEndpoint(SECRET)]);
  const rendering = { templates, publicUrl: 'http://localhost:3000', secret: 'a secret of the tests, long enough' };
  const room = (name: string) => slackChannel({ name, url: `${chat.url}/services/T0/B0/${name}` });
  channels = {
    slack: teamChatChannel('slack', { ...rendering, providers: [room('support'), room('sales')] }),
    webhook: webhookChannel({
      ...rendering,
      providers: [webhook({ name: 'crm', url: crm.url, secrets: [SECRET], publicUrl: rendering.publicUrl })],
    }),
  };
});
afterEach(async () => {
  await Promise.all([channels.slack.close(), channels.webhook.close()]);
  await Promise.all([chat.stop(), crm.stop()]);
});

test('a message goes to the channel of the chat that its template names', async () => {
  const said = envelope({ data: { ...context.data, said: '<!channel> *hi*' } });
  expect(await channels.slack.deliver(said, unhurried())).toMatchObject({ outcome: 'sent', provider: 'sales' });
  expect(chat.received.map(({ path }) => path)).toEqual(['/services/T0/B0/sales']);
  expect(JSON.parse(chat.received[0]?.body ?? '')).toMatchObject({
    text: 'New user: Ada wrote &lt;!channel&gt; *hi*',
    blocks: [
      { text: { text: 'New user' } },
      { text: { type: 'plain_text', text: 'Ada wrote <!channel> *hi*' } },
      { fields: [{ text: 'Stage\nnew' }] },
    ],
  });
});

test('a template that names no channel of the chat goes to the first', async () => {
  await channels.slack.deliver(envelope({ template: 'first' }), unhurried());
  expect(chat.received.map(({ path }) => path)).toEqual(['/services/T0/B0/support']);
});

test('a template that names one that is not set up goes nowhere', async () => {
  expect(await channels.slack.deliver(envelope({ template: 'lost' }), unhurried())).toEqual({
    outcome: 'suppressed',
    cause: 'address',
    reason: 'no address',
    detail: "slack has no 'nowhere' set up",
  });
  expect(chat.received).toEqual([]);
});

test('a webhook has the event that its template describes', async () => {
  const message = envelope({ data: { seats: 3, plan: 'of the step' } });
  expect(await channels.webhook.deliver(message, unhurried())).toMatchObject({ outcome: 'sent' });
  expect(JSON.parse(crm.received[0]?.body ?? '')).toMatchObject({
    type: 'user.welcomed',
    userId: 'u1',
    journey: 'onboarding',
    step: 'welcome',
    data: { plan: 'free', seats: 3, tags: ['a', 'new'] },
  });
  expect(crm.received[0]?.headers['webhook-id']).toBe(message.id);
});

test('a template whose type is none suppresses the message', async () => {
  expect(await channels.webhook.deliver(envelope({ template: 'broken' }), unhurried())).toMatchObject({
    cause: 'template',
  });
});
