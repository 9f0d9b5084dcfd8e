import type { Channel } from '../../activities/channels/channel';
import { inAppChannel } from '../../activities/channels/in-app';
import { envelope, templatesOf, unhurried } from './fixture';

const saved: unknown[] = [];
let channel: Channel;

beforeAll(async () => {
  channel = inAppChannel({
    templates: await templatesOf({
      'templates/welcome.in-app.yaml': 'kind: card\ntitle: "{{ user.traits.firstName }}"\nbody: B',
    }),
    publicUrl: 'https://app.example.com',
    secret: 'a secret of the tests, long enough to be one',
    inbox: {
      save: async (messageId, content) => {
        saved.push({ messageId, content });
      },
    },
  });
});

test('delivery stores the content with its message', async () => {
  const message = envelope();
  expect(await channel.deliver(message, unhurried())).toEqual({ outcome: 'sent', providerId: null });
  expect(saved).toEqual([{ messageId: message.id, content: { kind: 'card', title: 'Ada', body: 'B' } }]);
});

test('a missing template suppresses the message', async () => {
  expect(await channel.deliver(envelope({ template: 'none' }), unhurried())).toMatchObject({
    reason: 'template error',
  });
});

test('a message that comes with templates is rendered by these, not by those in force', async () => {
  const templates = await templatesOf({ 'templates/welcome.in-app.yaml': 'kind: card\ntitle: Former\nbody: B' });
  saved.length = 0;
  await channel.deliver(envelope({ templates }), unhurried());
  expect(saved).toMatchObject([{ content: { title: 'Former' } }]);
});
