import { createReferences } from '../../store/message-references';
import { startApi, type Answer, type TestApi } from './server';

const TOKENS = { onesignal: 'token-of-the-stream', braze: 'token-of-currents' } as const;
type Source = keyof typeof TOKENS;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({
    environment: { ONESIGNAL_RECEIPTS_TOKEN: TOKENS.onesignal, BRAZE_RECEIPTS_TOKEN: TOKENS.braze },
  });
});
afterAll(() => api.stop());

let count = 0;
/** Stores a notification that the provider has taken under an id of its own. */
async function sentTo(userId: string, source: string, reference: string): Promise<string> {
  await api.write('/v1/identify', { userId });
  const id = `00000000-0000-4000-9000-${String(++count).padStart(12, '0')}`;
  await api.database.knex('messages').insert({
    ...{ id, user_id: userId, journey: 'gate-change', step: 'gate', channel: 'push', template: 'gate', data: {} },
    ...{ status: 'sent', transactional: false, decided_at: count, expires_at: Date.now(), attempts: 1 },
  });
  await createReferences(api.database.pool).add(id, { source, reference });
  return id;
}

const post = (source: Source, body: unknown, token: string = TOKENS[source]): Promise<Answer> =>
  api.call('POST', `/v1/receipts/${source}`, {
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
const eventsOf = async (userId: string): Promise<string[]> =>
  api.database
    .knex('events')
    .where({ user_id: userId })
    .andWhereLike('name', 'Message %')
    .orderBy('name')
    .pluck('name');

const now = (): number => Math.floor(Date.now() / 1_000);
const ofBraze = (type: string, dispatchId: string, more: object = {}): object => ({
  event_type: `users.messages.pushnotification.${type}`,
  id: 'a-uuid',
  time: now(),
  user: { user_id: 'braze-id', external_user_id: 'ada' },
  properties: { app_id: 'app', platform: 'ios', dispatch_id: dispatchId, ...more },
});

test('an Event Stream of OneSignal tells by its own id what became of a message', async () => {
  await sentTo('ada', 'oneSignal', 'notification-1');
  for (const kind of ['sent', 'received', 'clicked', 'clicked', 'unsubscribed', 'displayed']) {
    const event = { kind: `message.push.${kind}`, message: 'notification-1', timestamp: String(now()) };
    expect((await post('onesignal', event)).status).toBe(204);
  }
  expect(await eventsOf('ada')).toEqual(['Message Clicked', 'Message Delivered']);
});

test('a batch of Currents tells by its own id what became of messages, among those of others', async () => {
  await sentTo('ben', 'braze', 'dispatch-1');
  await sentTo('cleo', 'braze', 'dispatch-2');
  const events = [
    ofBraze('Send', 'dispatch-1'),
    ofBraze('Open', 'dispatch-1'),
    ofBraze('Bounce', 'dispatch-2', { bounce_reason: 'Unregistered' }),
    ofBraze('Send', 'of-a-campaign'),
    { event_type: 'users.behaviors.app.SessionStart', time: now(), properties: null },
  ];
  for (let again = 0; again < 2; again++) expect((await post('braze', { events })).status).toBe(204);
  expect(await eventsOf('ben')).toEqual(['Message Delivered', 'Message Opened']);
  expect(await eventsOf('cleo')).toEqual(['Message Bounced']);
});

test.each(['onesignal', 'braze'] as const)('a request to %s without the token is refused', async (source) => {
  await sentTo(`of-${source}`, source === 'braze' ? 'braze' : 'oneSignal', 'id-1');
  const body = { kind: 'message.push.sent', message: 'id-1', timestamp: now(), events: [ofBraze('Send', 'id-1')] };
  for (const token of ['', 'another', TOKENS[source === 'braze' ? 'onesignal' : 'braze']])
    expect((await post(source, body, token)).status).toBe(401);
  expect(await eventsOf(`of-${source}`)).toEqual([]);
});

test('a genuine request that is not valid gets a problem that names the field', async () => {
  expect(await post('braze', { events: [{ event_type: 'x' }] })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/events/0/time' }] },
  });
  expect(await post('onesignal', { kind: 'message.push.sent' })).toMatchObject({ status: 422 });
  expect(await post('onesignal', 'text')).toMatchObject({ status: 422 });
});
