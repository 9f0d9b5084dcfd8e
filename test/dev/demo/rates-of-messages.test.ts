import { ratesOfMessages } from '../../../dev/demo/rates-of-messages';
import { testDatabase, type TestDatabase } from '../../support/database';
import { decided, happened, HOUR, NOON, person, type EventRow } from './rows';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
  for (const id of ['ada', 'grace']) await person(db, id);
});
afterEach(() => db.drop());

/** Returns the values of the rates whose names start with a prefix, by the rest of the name. */
async function values(beginning: string): Promise<Record<string, string>> {
  const rates = await ratesOfMessages(db.pool);
  const those = rates.filter(({ name }) => name.startsWith(beginning));
  return Object.fromEntries(those.map(({ name, value }) => [name.slice(beginning.length).trim(), value]));
}

const refused = (user_id: string, channel: string, at: number): EventRow => {
  return { user_id, at, type: 'consent', name: 'Unsubscribed', properties: { channel } };
};

test('bounce: permanently refused messages, out of all handed to the provider', async () => {
  await decided(db, [
    ...[1, 2, 3].map((hour) => ({ user_id: 'ada', status: 'sent', sent_at: NOON + hour })),
    { user_id: 'ada', status: 'suppressed', cause: 'bounced' },
    { user_id: 'ada', status: 'suppressed', cause: 'address' },
    { user_id: 'ada', status: 'retrying' },
    { user_id: 'ada', status: 'suppressed', cause: 'bounced', channel: 'webPush' },
    { user_id: 'ada', status: 'sent', channel: 'inApp', sent_at: NOON },
  ]);
  expect(await values('bounce of')).toEqual({ email: '25 % (1 of 4)', webPush: '100 % (1 of 1)' });
});

test('opt-out: users who unsubscribed after a message of the journey, out of the messages it delivered', async () => {
  const sent = { user_id: 'ada', status: 'sent' } as const;
  await decided(db, [
    { ...sent, journey: 'dormancy', sent_at: NOON },
    { ...sent, journey: 'welcome', sent_at: NOON + HOUR },
    // These did not cause her opt-out: the first has no unsubscribe link, the second used another channel.
    { ...sent, journey: 'orders', transactional: true, sent_at: NOON + 2 * HOUR },
    { ...sent, journey: 'dormancy', channel: 'webPush', sent_at: NOON + 3 * HOUR },
    // Nor did these: a later message, a message to another user, an undelivered message, and an in-app message.
    { ...sent, journey: 'dormancy', sent_at: NOON + 5 * HOUR },
    { ...sent, journey: 'dormancy', user_id: 'grace', sent_at: NOON + 3 * HOUR },
    { user_id: 'ada', status: 'suppressed', journey: 'dormancy', cause: 'bounced' },
    { ...sent, journey: 'dormancy', channel: 'inApp', sent_at: NOON + 3 * HOUR },
  ]);
  await happened(db, [
    refused('ada', 'email', NOON + 4 * HOUR),
    // An app can have an event of the same name.
    { user_id: 'grace', name: 'Unsubscribed', at: NOON + 4 * HOUR, properties: { channel: 'email' } },
  ]);
  expect(await values('opt-out after')).toEqual({ dormancy: '0 % (0 of 4)', welcome: '100 % (1 of 1)' });
});

test('an opt-out from a channel is attributed to the journey that used the channel last', async () => {
  await decided(db, [
    { user_id: 'ada', status: 'sent', journey: 'welcome', sent_at: NOON },
    { user_id: 'ada', status: 'sent', journey: 'dormancy', channel: 'webPush', sent_at: NOON },
  ]);
  await happened(db, [
    refused('ada', 'email', NOON + HOUR),
    refused('ada', 'webPush', NOON + HOUR),
    // An opt-out without an earlier message is attributed to no journey.
    refused('grace', 'email', NOON + HOUR),
  ]);
  expect(await values('opt-out after')).toEqual({ dormancy: '100 % (1 of 1)', welcome: '100 % (1 of 1)' });
});

test('interaction and engagement: active users who saw an in-app message, and those of them who clicked one', async () => {
  await person(db, 'alan');
  await happened(
    db,
    ['ada', 'grace'].map((user_id) => ({ user_id, at: NOON, type: 'page', name: 'Home' })),
  );
  const seen = { status: 'sent', channel: 'inApp', sent_at: NOON, seen_at: NOON + HOUR } as const;
  await decided(db, [
    { ...seen, user_id: 'ada', clicked_at: NOON + HOUR },
    { ...seen, user_id: 'ada' },
    { ...seen, user_id: 'ada', journey: 'orders' },
    { user_id: 'grace', status: 'sent', channel: 'inApp', sent_at: NOON },
    // A user without a page view is not active.
    { ...seen, user_id: 'alan' },
  ]);
  const [half, all] = ['50 % (1 of 2)', '100 % (1 of 1)'];
  expect(await values('interaction')).toEqual({ '': half, 'with welcome': half, 'with orders': half });
  expect(await values('engagement')).toEqual({ '': all, 'with welcome': all, 'with orders': '0 % (0 of 1)' });
});
