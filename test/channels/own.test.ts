import { ownChannel } from '../../activities/channels/own';
import { channel, type OwnMessage, type OwnOutcome } from '../../engine';
import { context, envelope, templatesOf, unhurried } from './fixture';

const RENDERING = { publicUrl: 'https://app.example.com', secret: 'a secret of the tests, long enough to be one' };

/** Delivers Ada's message by a channel of one's own that answers like this, and returns what its code got. */
async function deliver(answer: OwnOutcome, traits: Record<string, string> = { lineId: ' U1 ' }) {
  const got: OwnMessage[] = [];
  const { own } = channel('line', {
    label: 'LINE',
    trait: 'lineId',
    env: ['LINE_TOKEN'],
    deliver: async (message) => {
      got.push(message);
      return answer;
    },
  });
  if (!own) throw new Error('Expected a channel of its own.');
  const templates = await templatesOf({
    'onboarding/templates/welcome.line.yaml': 'text: Hello {{ user.traits.lineId }}',
  });
  const line = ownChannel({
    ...RENDERING,
    templates,
    channel: 'line',
    own,
    env: { LINE_TOKEN: 't' },
    mailboxUrl: null,
  });
  const outcome = await line.deliver(envelope({ user: { ...context.user, traits } }), unhurried());
  await line.close();
  return { outcome, got };
}

test('the code of a channel gets the rendered message, the address and its settings', async () => {
  const { outcome, got } = await deliver({ outcome: 'sent', id: 'm1' });
  expect(outcome).toEqual({ outcome: 'sent', providerId: 'm1', provider: 'line' });
  expect(got).toMatchObject([
    { to: 'U1', env: { LINE_TOKEN: 't' }, journey: 'onboarding', content: { text: 'Hello  U1' } },
  ]);
});

test('a user without the trait is not reached', async () => {
  const { outcome, got } = await deliver({ outcome: 'sent' }, {});
  expect([outcome, got]).toMatchObject([{ outcome: 'suppressed', cause: 'address' }, []]);
});

test('an address that is dead is remembered, and a pause is kept', async () => {
  expect((await deliver({ outcome: 'refused', dead: true })).outcome).toMatchObject({
    cause: 'bounced',
    deadAddress: 'U1',
  });
  expect((await deliver({ outcome: 'retry', code: '429', afterMs: 9_000 })).outcome).toMatchObject({
    outcome: 'retry',
    code: '429',
    afterMs: 9_000,
  });
});

test('a channel can not take the name of one that ships', () => {
  const deliver = async (): Promise<OwnOutcome> => ({ outcome: 'sent' });
  expect(() => channel('email', { label: 'Mail', deliver })).toThrow("Not a name of a channel of your own: 'email'");
});
