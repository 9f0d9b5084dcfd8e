import { createReferences } from '../../store/message-references';
import {
  callStatus,
  inboundMessage,
  messageStatus,
  twilioHook,
  TWILIO_ACCOUNT,
  type Taken,
  type TwilioHook,
} from '../fakes/twilio';
import { startApi, type Answer, type TestApi } from './server';

const NUMBER = '+491711234567';
const OURS = '+15550006666';
const PUBLIC = 'http://localhost:3000';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ environment: { TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken } });
});
afterAll(() => api.stop());

let count = 0;
/** Stores a message that went to a number; returns its id. */
async function sentTo(userId: string, { channel = 'sms', number = NUMBER } = {}): Promise<string> {
  await api.write('/v1/identify', { userId, traits: { phone: number } });
  const id = `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
  await api.database.knex('messages').insert({
    id,
    user_id: userId,
    journey: 'gate-change',
    step: 'gate',
    channel,
    template: 'gate',
    status: 'sent',
    transactional: false,
    data: {},
    decided_at: count,
    expires_at: Date.now() + 86_400_000,
    attempts: 1,
  });
  await createReferences(api.database.pool).add(id, { source: channel, reference: number });
  return id;
}

const taken: Taken = { sid: 'SM1', kind: 'message', fields: { To: NUMBER, From: OURS } };
const post = (path: string, { headers, body }: TwilioHook): Promise<Answer> =>
  api.call('POST', path, { headers: { ...headers }, body });

/** Reports the status of a message or a call as Twilio does. */
function report(message: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
  const path = `/v1/receipts/twilio?message=${message}`;
  return post(path, twilioHook(PUBLIC + path, fields));
}

/** Writes to our number as a person does. */
function write(text: string, more: Partial<Parameters<typeof inboundMessage>[0]> = {}): Promise<Answer> {
  const path = '/v1/receipts/twilio';
  return post(path, twilioHook(PUBLIC + path, inboundMessage({ from: NUMBER, to: OURS, text, ...more })));
}

const eventsOf = async (userId: string): Promise<string[]> =>
  api.database.knex('events').where({ user_id: userId }).andWhereNot('type', 'identify').orderBy('id').pluck('name');
const consentOf = async (userId: string): Promise<unknown> =>
  (await api.database.knex('users').where({ id: userId }).first<{ consent: unknown }>('consent')).consent;

describe('what Twilio reports of a message', () => {
  it.each([
    ['delivered', undefined, { name: 'Message Delivered' }],
    ['read', undefined, { name: 'Message Opened' }],
    ['undelivered', 30005, { name: 'Message Bounced', permanent: true }],
    ['undelivered', 30006, { name: 'Message Bounced', permanent: true }],
    ['undelivered', 30003, { name: 'Message Bounced', permanent: false }],
    ['undelivered', 30007, { name: 'Message Failed' }],
    ['failed', 63016, { name: 'Message Failed' }],
    ['failed', 21610, { name: 'Message Unsubscribed' }],
  ])('as %s with the code %s is an event, once although it comes twice', async (status, code, expected) => {
    const userId = `of-${status}-${code}`;
    const message = await sentTo(userId);
    const fields = messageStatus(taken, status, code);
    for (let again = 0; again < 2; again++) expect((await report(message, fields)).status).toBe(204);
    const { name, ...properties } = expected;
    const events = await api.database.knex('events').where({ user_id: userId, name });
    expect(events).toMatchObject([{ properties: { message, channel: 'sms', ...properties } }]);
  });

  it('is nothing new while the message is on its way', async () => {
    const message = await sentTo('on-the-way');
    for (const status of ['queued', 'sending', 'sent'])
      expect((await report(message, messageStatus(taken, status))).status).toBe(204);
    expect(await eventsOf('on-the-way')).toEqual([]);
  });

  it.each([
    ['completed', 'Message Delivered'],
    ['no-answer', 'Message Failed'],
    ['failed', 'Message Bounced'],
  ])('as a call that is %s is %s', async (status, name) => {
    const message = await sentTo(`call-${status}`, { channel: 'voice' });
    await report(message, callStatus({ ...taken, kind: 'call' }, status));
    expect(await eventsOf(`call-${status}`)).toEqual([name]);
  });

  it('stops what would go to a dead number, however it is written', async () => {
    const message = await sentTo('dead', { number: '+49 (0)171 9999999' });
    await report(message, messageStatus(taken, 'undelivered', 30005));
    expect(await api.database.knex('suppressed_addresses').where({ channel: 'sms' }).pluck('cause')).toContain(
      'bounced',
    );
  });
});

describe('what a person answers', () => {
  it('is an event of the last message to their number', async () => {
    const number = '+4915100000001';
    await sentTo('mia', { number });
    const message = await sentTo('mia', { number });
    await write('Is B12 open?', { from: number });
    const [event] = await api.database.knex('events').where({ user_id: 'mia', name: 'Message Replied' });
    expect(event).toMatchObject({ active: true, properties: { message, text: 'Is B12 open?', channel: 'sms' } });
  });

  it.each(['STOP', ' stop ', 'Unsubscribe', 'QUIT'])('as %j means no further messages', async (text) => {
    const number = `+49151000001${String(++count).padStart(2, '0')}`;
    const userId = `stops-${count}`;
    await sentTo(userId, { number });
    await write(text, { from: number });
    expect(await consentOf(userId)).toEqual({ sms: false });
    expect((await eventsOf(userId)).sort()).toEqual(['Message Unsubscribed', 'Unsubscribed']);
    expect((await api.admin('GET', `/v1/users/${userId}`)).body).toMatchObject({
      answers: [{ channel: 'sms', answer: 'no', source: 'reply' }],
    });
  });

  it('in words that the account has added is understood as Twilio says', async () => {
    const number = '+4915100000002';
    await sentTo('jan', { number });
    await write('Arrêt', { from: number, optOut: 'STOP' });
    expect(await consentOf('jan')).toEqual({ sms: false });
  });

  it('counts each time: stop, start, stop', async () => {
    const number = '+4915100000003';
    await sentTo('ida', { number });
    await write('STOP', { from: number });
    await write('START', { from: number });
    expect(await consentOf('ida')).toEqual({ sms: true });
    await write('STOP', { from: number });
    expect(await consentOf('ida')).toEqual({ sms: false });
  });

  it('does not undo a later answer when it comes again', async () => {
    const number = '+4915100000004';
    await sentTo('ole', { number });
    const path = '/v1/receipts/twilio';
    const stop = twilioHook(PUBLIC + path, inboundMessage({ from: number, to: OURS, text: 'STOP' }));
    await post(path, stop);
    await api.admin('PUT', '/v1/users/ole/consent', { channels: { sms: true } });
    await post(path, stop);
    expect(await consentOf('ole')).toEqual({ sms: true });
  });

  it('as YES is no more than an answer of a person who has not said no', async () => {
    const number = '+4915100000005';
    await sentTo('eva', { number });
    await write('Yes', { from: number });
    expect(await consentOf('eva')).toEqual({});
    expect(await eventsOf('eva')).toEqual(['Message Replied']);
  });

  it('as a stop holds for all whose messages went to the number', async () => {
    const number = '+4915100000006';
    await sentTo('father', { number });
    await sentTo('daughter', { number });
    await write('STOP', { from: number });
    expect([await consentOf('father'), await consentOf('daughter')]).toEqual([{ sms: false }, { sms: false }]);
  });

  it('by WhatsApp is about WhatsApp', async () => {
    const number = '+4915100000007';
    await sentTo('uma', { number, channel: 'whatsApp' });
    await write('STOP', { from: `whatsapp:${number}`, to: `whatsapp:${OURS}` });
    expect(await consentOf('uma')).toEqual({ whatsApp: false });
  });

  it('leaves no trace when no message went to the number', async () => {
    const before = await api.database.knex('events').count();
    expect((await write('Who is this?', { from: '+4915100000008' })).status).toBe(204);
    expect(await api.database.knex('events').count()).toEqual(before);
  });

  it('leaves no trace of a user who was erased', async () => {
    const number = '+4915100000009';
    await sentTo('tom', { number });
    await api.admin('DELETE', '/v1/users/tom');
    expect((await write('Hello?', { from: number })).status).toBe(204);
    const rows = await api.database.knex('message_references').join('messages', 'messages.id', 'message');
    expect(rows.filter(({ user_id: id }: { user_id: string }) => id === 'tom')).toEqual([]);
  });
});

describe('a request that is not of Twilio', () => {
  it('is refused, and stores nothing', async () => {
    const message = await sentTo('forged');
    const path = `/v1/receipts/twilio?message=${message}`;
    const fields = messageStatus(taken, 'delivered');
    const genuine = twilioHook(PUBLIC + path, fields);
    const forged: [string, TwilioHook][] = [
      [path, twilioHook(PUBLIC + path, fields, 'another token')],
      [path, { ...genuine, body: genuine.body.replace('delivered', 'failed') }],
      [path, { ...genuine, body: `${genuine.body}&To=%2B4915` }],
      [path, { ...genuine, headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
      [path, twilioHook(`https://other.example${path}`, fields)],
      [`${path.slice(0, -1)}x`, genuine],
      ['/v1/receipts/twilio', genuine],
    ];
    for (const [at, hook] of forged) expect((await post(at, hook)).status).toBe(401);
    expect(await eventsOf('forged')).toEqual([]);
  });

  it('is refused whatever its body is', async () => {
    for (const body of ['', '{}', '\u0000', 'a=%ff%fe', '__proto__=1&constructor=2', 'x'.repeat(10_000)])
      expect((await post('/v1/receipts/twilio', { headers: { 'x-twilio-signature': 'AAAA' }, body })).status).toBe(401);
  });
});
