import { signPreferences } from '../../config/tokens';
import { OWN_CHANNEL_DEFAULTS, type ChannelSpec } from '../../engine/model/channels';
import { personalChannels } from '../../engine/model/consent';
import type { JsonObject } from '../../engine/model/json';
import { topics } from '../../engine/topics/define';
import { asUser } from './as-user';
import { advanceUser } from './engine';
import { SECRET, setUp, startApi, testDefinitions, type Answer, type TestApi } from './server';

/** What the API knows of channels that a team has added. */

const LINE: ChannelSpec = {
  name: 'line',
  label: 'LINE <&>',
  address: { by: 'trait', trait: 'lineId' },
  ...OWN_CHANNEL_DEFAULTS,
};
const PAGER: ChannelSpec = { name: 'pager', label: 'Pager', address: { by: 'id' }, ...OWN_CHANNEL_DEFAULTS };
const CRM: ChannelSpec = { ...PAGER, name: 'crm', label: 'CRM', toPerson: false };
const OWN = [LINE, PAGER, CRM];

let api: TestApi;
beforeAll(async () => {
  const digest = topics({ digest: { title: 'Digest', channels: ['email', 'line'] } });
  api = await startApi({
    code: { ...(await testDefinitions()), channels: OWN, topics: digest },
    setups: [...OWN.map(({ name }) => setUp(name)), setUp('push')],
  });
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.database.knex.raw('TRUNCATE users, events, suppressed_addresses CASCADE');
  await addUser('ada');
});

async function addUser(id: string): Promise<void> {
  const traits = { lineId: 'U123', email: 'ada@example.com', phone: '+49 171 1234567', locale: 'de' };
  await api.database.knex('users').insert({ id, traits, created_at: 0, last_seen_at: 0 });
}

const consentOf = async (id: string): Promise<unknown> =>
  (await api.database.knex('users').where({ id }).first<{ consent: unknown }>('consent')).consent;
const suppressed = (): Promise<string[]> =>
  api.database.knex('suppressed_addresses').where({ cause: 'opted out' }).orderBy('channel').pluck('channel');
const importing = (channels: object): Promise<Answer> =>
  api.admin('POST', '/v1/import/history', {
    batch: [{ type: 'identify', userId: 'ada', timestamp: '2025-01-05', context: { consent: { channels } } }],
  });

test('consent to a team’s own channel is given and taken by the API', async () => {
  const put = (line: boolean): Promise<Answer> =>
    api.admin('PUT', '/v1/users/ada/consent', { channels: { line, pager: true } });
  expect(await put(false)).toMatchObject({ status: 200, body: { channels: { line: false, pager: true } } });
  expect(await suppressed()).toEqual(['line']);
  // A request that has channels at the top is answered with all, which may be the team's own.
  expect((await api.admin('PUT', '/v1/users/ada/consent', { email: true })).body).toEqual({
    email: true,
    line: false,
    pager: true,
  });
  expect(await put(true)).toMatchObject({ status: 200 });
  expect(await suppressed()).toEqual([]);
  expect((await api.admin('GET', '/v1/users/ada')).body).toMatchObject({
    consent: { email: true, line: true, pager: true },
  });
});

test('a user’s own client reads and sets it', async () => {
  expect((await asUser(api, 'ada', 'GET', '/v1/preferences')).body).toMatchObject({
    channels: { email: true, line: true, pager: true },
  });
  const { body } = await asUser(api, 'ada', 'PUT', '/v1/preferences', { channels: { line: false } });
  expect(body).toMatchObject({ channels: { email: true, line: false, pager: true } });
  expect(body).not.toMatchObject({ channels: { crm: true } });
});

test.each(['fax', 'crm', 'slack', 'constructor'])(
  'an answer about %s, which reaches no people, is refused by its name',
  async (channel) => {
    const channels = { [channel]: false };
    const detail =
      'is no channel that reaches people: there are email, webPush, inApp, push, sms, voice, whatsApp, line, pager';
    const refused = { status: 422, body: { errors: [{ pointer: `/channels/${channel}`, detail }] } };
    expect(await api.admin('PUT', '/v1/users/ada/consent', { channels })).toMatchObject(refused);
    expect(await api.admin('PUT', '/v1/users/ada/preferences', { channels })).toMatchObject(refused);
    expect(await asUser(api, 'ada', 'PUT', '/v1/preferences', { channels })).toMatchObject(refused);
    expect(await importing(channels)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: `/batch/0/context/consent/channels/${channel}`, detail }] },
    });
    expect(await consentOf('ada')).toEqual({});
  },
);

test('what is no name of a channel is refused as well', async () => {
  const { status, body } = await api.admin('PUT', '/v1/users/ada/consent', { channels: { 'e-mail': false } });
  expect([status, body]).toMatchObject([422, { errors: [{ pointer: '/channels/e-mail' }] }]);
});

test.each(personalChannels(OWN).map(({ name, address }) => [name, address.by]))(
  'an imported no to %s is stored, and holds for the address if there is one',
  async (channel, by) => {
    expect((await importing({ [channel]: false })).body).toMatchObject({ accepted: 1, rejected: [] });
    expect(await consentOf('ada')).toEqual({ [channel]: false });
    expect(await suppressed()).toEqual(['email', 'phone', 'trait'].includes(by) ? [channel] : []);
  },
);

test('the preference page offers it by the name that the team gave it, and saves what is chosen', async () => {
  const page = `/p/${signPreferences(SECRET, 'ada')}`;
  const { text } = await api.call('GET', page);
  expect(text).toContain('LINE &lt;&amp;&gt;');
  expect(text).toContain('name="channel.pager" checked');
  expect(text).not.toContain('CRM');
  const save = (fields: Record<string, string>): Promise<Answer> =>
    api.call('POST', page, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  await save({ 'shown.channel.line': '1', 'shown.channel.pager': '1', 'channel.pager': 'on', do: 'save' });
  expect(await consentOf('ada')).toEqual({ line: false });
  const { body } = await api.admin('GET', '/v1/users/ada');
  expect(body).toMatchObject({
    answers: [{ channel: 'line', wording: expect.stringContaining(': LINE <&>') as string }],
  });
  await save({ do: 'all' });
  const all = personalChannels(OWN).map(({ name }) => [name, false] as const);
  expect(await consentOf('ada')).toEqual(Object.fromEntries(all));
});

test('its addresses are suppressed, listed and allowed again like those of email', async () => {
  const given = { channel: 'line', address: 'U123' };
  const add = (one: object): Promise<Answer> =>
    api.admin('POST', '/v1/suppressions', { suppressions: [{ ...one, reason: 'complained' }] });
  expect((await add(given)).body).toEqual({ added: 1 });
  expect((await api.admin('GET', '/v1/suppressions')).body).toMatchObject({ suppressions: [{ channel: 'line' }] });
  expect((await api.admin('DELETE', '/v1/suppressions', given)).status).toBe(204);
});

test.each(['pager', 'crm', 'fax', 'inApp'])(
  'a suppression on %s, which has no addresses, is refused',
  async (channel) => {
    const given = { channel, address: 'U123' };
    const detail = 'must be a channel with addresses: email, sms, voice, whatsApp, line';
    expect(
      await api.admin('POST', '/v1/suppressions', { suppressions: [{ ...given, reason: 'bounced' }] }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/suppressions/0/channel', detail }] },
    });
    expect(await api.admin('DELETE', '/v1/suppressions', given)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/channel', detail }] },
    });
  },
);

test('a topic is left by it, and by nothing else', async () => {
  const choose = (channels: JsonObject): Promise<Answer> =>
    asUser(api, 'ada', 'PUT', '/v1/preferences', { topics: { digest: { channels } } });
  expect((await choose({ line: false })).body).toMatchObject({
    topics: { digest: { subscribed: true, channels: { email: true, line: false } } },
  });
  expect(await choose({ pager: false })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/topics/digest/channels/pager' }] },
  });
  const { text } = await api.call('GET', `/p/${signPreferences(SECRET, 'ada')}`);
  expect(text).toContain('name="topic.digest.line">LINE &lt;&amp;&gt;<');
  expect(text).toContain('name="topic.digest.email" checked>');
});

test('a message is sent by it by hand', async () => {
  const send = (channels: string | readonly string[]): Promise<Answer> =>
    api.admin('POST', '/v1/messages', { userId: 'ada', channels, template: 'receipt' });
  for (const channels of ['line', ['line', 'email']]) expect((await send(channels)).status).toBe(202);
  await advanceUser(api, 'ada');
  const rows = api.database.knex('messages').where({ user_id: 'ada', template: 'receipt' });
  expect(await rows).toMatchObject([{ channel: 'line' }, { channel: 'line' }]);
  expect(await send(['line', 'fax'])).toMatchObject({
    status: 422,
    body: {
      errors: [{ pointer: '/channels/1', detail: expect.stringContaining(', teams, line, pager, crm.') as string }],
    },
  });
  expect(await send('sms')).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/channels', detail: expect.stringContaining('Write channels/sms.ts') as string }] },
  });
});

describe('a stored journey', () => {
  const put = (...steps: JsonObject[]): Promise<Answer> =>
    api.admin('PUT', '/v1/journeys/told', { enter: { kind: 'manual' }, steps });
  const send = (...channels: string[]): JsonObject => ({
    kind: 'send',
    step: 'hello',
    messages: channels.map((channel) => ({ channel, template: 'welcome' })),
  });
  const publish = (): Promise<Answer> => api.admin('POST', '/v1/journeys/told/publish', { author: 'grace' });
  const asked = (channel: string): JsonObject => ({
    kind: 'check',
    step: 'agrees',
    if: { var: `user.consent.${channel}` },
    then: [{ kind: 'consent', step: 'answer', channels: { [channel]: false } }],
    otherwise: [{ ...send('line', 'email'), step: 'again', fallback: { unless: 'opened', after: '1 hour' } }],
  });
  afterEach(() => api.database.knex('stored_journeys').where({ id: 'told' }).delete());

  test('sends by it, and asks and answers about it', async () => {
    expect(await put(send('crm', 'push'), asked('line'))).toMatchObject({ status: 201 });
    expect(await publish()).toMatchObject({ status: 200, body: { status: 'active', problems: [] } });
    expect((await api.admin('POST', '/v1/users/ada/journeys/told', {})).status).toBe(202);
    await advanceUser(api, 'ada');
    expect(await api.database.knex('messages').where({ user_id: 'ada' }).pluck('channel')).toEqual(['crm']);
    expect(await consentOf('ada')).toEqual({ line: false });
  });

  test.each<[string, JsonObject, string, string]>([
    [
      'sends by a channel that is not there',
      send('email', 'fax'),
      '/messages/1/channel',
      "no channel 'fax'. There are",
    ],
    ['sends by what is no name of a channel', send('e-mail'), '/messages/0/channel', 'teams, line, pager, crm.'],
    [
      'sends by a channel that ships, but without a file',
      send('email', 'sms'),
      '/messages/1/channel',
      'channel without file: sends by sms, but no file channels/sms says how. Write channels/sms.ts',
    ],
    ['asks about a channel that reaches nobody', asked('crm'), '/if/var', 'There are email,'],
    ['answers about a channel that is not there', asked('fax'), '/then/0/channels/fax', 'whatsApp, line, pager.'],
  ])('that %s is refused when it is saved', async (_what, step, pointer, detail) => {
    const { status, body } = await put(step);
    const { errors } = body as { errors: { pointer: string; detail: string }[] };
    expect([status, errors]).toMatchObject([
      422,
      expect.arrayContaining([{ pointer: `/steps/0${pointer}`, detail: expect.stringContaining(detail) as string }]),
    ]);
  });

  test('whose channel is gone by then is refused when it is published, now or again', async () => {
    const { knex } = api.database;
    await put(send('email'));
    await publish();
    const gone = (channel: string): string => JSON.stringify({ enter: { kind: 'manual' }, steps: [send(channel)] });
    for (const channel of ['fax', 'sms']) {
      await knex('stored_journeys')
        .where({ id: 'told' })
        .update({ draft: gone(channel) });
      await knex('journey_versions')
        .where({ journey: 'told' })
        .update({ definition: gone(channel) });
      const refused = { status: 422, body: { errors: [{ pointer: '/steps/0/messages/0/channel' }] } };
      expect(await publish()).toMatchObject(refused);
      expect(await api.admin('POST', '/v1/journeys/told/rollback', { version: 1, author: 'grace' })).toMatchObject(
        refused,
      );
    }
  });
});
