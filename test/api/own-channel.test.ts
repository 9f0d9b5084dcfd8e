import { signPreferences } from '../../config/tokens';
import { OWN_CHANNEL_DEFAULTS, type ChannelSpec } from '../../engine/model/channels';
import { personalChannels } from '../../engine/model/consent';
import { asUser } from './as-user';
import { SECRET, startApi, testDefinitions, type Answer, type TestApi } from './server';

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
  api = await startApi({ code: { ...(await testDefinitions()), channels: OWN } });
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
