import { VirtualUser } from '../support/virtual-user';
import { ADMIN_KEY, startApi, WRITE_KEY, type Answer, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface StoredEvent {
  readonly at: number;
  readonly received_at: number;
  readonly message_id: string;
  readonly properties: unknown;
}

const eventsOf = (userId: string): Promise<StoredEvent[]> =>
  api.database.knex('events').where({ user_id: userId }).orderBy('id').select();
const agesOf = async (userId: string): Promise<number[]> =>
  (await eventsOf(userId)).map(({ at, received_at }) => received_at - at);

const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();
/** As Flutter prints a time: without a zone. */
const zoneless = (ms: number): string => iso(ms).slice(0, -1);

describe('the times of a call', () => {
  test.each<[string, (ms: number) => unknown]>([
    ['without a zone', zoneless],
    ['with +0000', (ms) => `${zoneless(ms)}+0000`],
    ['with a space', (ms) => iso(ms).replace('T', ' ')],
    ['as Unix milliseconds', (ms) => ms],
    ['as Unix seconds in digits', (ms) => (ms / 1_000).toFixed(3)],
  ])('are read %s, in a batch too', async (how, spell) => {
    const wrong = Date.now() - 1_000 * HOUR;
    const call = { userId: how, event: 'Clicked', timestamp: spell(wrong - HOUR) };
    const single = await api.write('/v1/track', { ...call, sentAt: spell(wrong) });
    const batch = await api.write('/v1/batch', { sentAt: spell(wrong), batch: [{ ...call, type: 'track' }] });
    expect([single, batch]).toMatchObject(Array(2).fill({ status: 200, body: { accepted: 1, warnings: [] } }));
    expect(await agesOf(how)).toEqual([HOUR, HOUR]);
  });

  test.each(['yesterday', '2020-13-01T00:00:00Z', '+012020-01-01T00:00:00Z', 5, { seconds: 1 }, true])(
    'that can’t be read are those of receipt, and the answer says so: %j',
    async (timestamp) => {
      const userId = `unread ${JSON.stringify(timestamp)}`;
      const call = { type: 'track', userId, event: 'Clicked' };
      const answer = await api.write('/v1/batch', { batch: [call, { ...call, messageId: 'm1', timestamp }] });
      expect(answer).toMatchObject({
        status: 200,
        body: {
          accepted: 2,
          rejected: [],
          warnings: [{ index: 1, messageId: 'm1', pointer: '/batch/1/timestamp', detail: expect.any(String) }],
          warningCount: 1,
        },
      });
      expect(await agesOf(userId)).toEqual([0, 0]);
    },
  );

  test('have no meaning when empty', async () => {
    const answer = await api.write('/v1/track', { userId: 'x', event: 'Clicked', timestamp: '', sentAt: null });
    expect(answer).toMatchObject({ status: 200, body: { warnings: [], warningCount: 0 } });
  });

  test('an unreadable sentAt refuses nothing and corrects nothing', async () => {
    const timestamp = iso(Date.now() - HOUR);
    const call = { type: 'track', userId: 'unsent', event: 'Clicked', timestamp };
    const answer = await api.write('/v1/batch', { sentAt: 'just now', batch: [{ ...call, sentAt: 'now' }, call] });
    expect(answer).toMatchObject({ status: 200, body: { accepted: 2, warnings: [] } });
    expect((await eventsOf('unsent')).map(({ at }) => iso(at))).toEqual([timestamp, timestamp]);
  });

  test('originalTimestamp stands in for timestamp, by the clock that says sentAt', async () => {
    const wrong = Date.now() - 1_000 * HOUR;
    const call = { userId: 'original', event: 'Clicked', originalTimestamp: iso(wrong - HOUR), sentAt: iso(wrong) };
    await api.write('/v1/track', call);
    await api.write('/v1/track', { ...call, timestamp: 'soon' });
    expect(await agesOf('original')).toEqual([HOUR, HOUR]);
  });

  test('a timestamp beside an originalTimestamp is correct already', async () => {
    const [now, wrong] = [Date.now(), Date.now() - 1_000 * HOUR];
    const call = { originalTimestamp: iso(wrong - HOUR), timestamp: iso(now - HOUR), sentAt: iso(wrong) };
    await api.write('/v1/track', { userId: 'both', event: 'Clicked', ...call });
    expect((await eventsOf('both')).map(({ at }) => at)).toEqual([now - HOUR]);
  });

  test('at most 50 warnings are told in full, the others are counted', async () => {
    const batch = Array.from({ length: 60 }, () => ({ type: 'track', userId: 'w', event: 'E', timestamp: 'soon' }));
    const { body } = await api.write('/v1/batch', { batch });
    expect(body).toMatchObject({ accepted: 60, warningCount: 60 });
    expect((body as { warnings: unknown[] }).warnings).toHaveLength(50);
  });
});

describe('what stands for nothing', () => {
  const accepted = { status: 200, body: { accepted: 1, rejected: [], warnings: [] } };

  test.each(['', ' ', '\n\t\u00a0\ufeff', null])('is the blank id %j beside another', async (blank) => {
    const visitor = `visitor ${JSON.stringify(blank)}`;
    const call = { userId: blank, anonymousId: visitor, messageId: blank, event: 'Clicked' };
    expect(await api.write('/v1/track', call)).toMatchObject(accepted);
    expect(await api.write('/v1/track', { ...call, userId: visitor, anonymousId: blank })).toMatchObject(accepted);
    expect(await eventsOf(`anon:${visitor}`)).toMatchObject([{ message_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    expect(await eventsOf(visitor)).toHaveLength(1);
  });

  test.each(['', ' ', null])('is the blank id %j alone, and the call is refused', async (blank) => {
    expect(await api.write('/v1/track', { userId: blank, anonymousId: blank, event: 'Clicked' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/userId', detail: 'is required when there is no anonymousId' }] },
    });
  });

  test.each([[[]], [null]])('is %j in place of an object', async (empty) => {
    const call = { userId: `nothing ${JSON.stringify(empty)}`, properties: empty, traits: empty, context: empty };
    for (const path of ['track', 'identify', 'page', 'screen', 'group'])
      expect(await api.write(`/v1/${path}`, { ...call, event: 'Clicked', groupId: 'g' })).toMatchObject(accepted);
    const context = { active: null, traits: empty, timezone: null, locale: null };
    expect(await api.write('/v1/identify', { ...call, context })).toMatchObject(accepted);
    expect(await eventsOf(call.userId)).toHaveLength(6);
  });

  test('is not a list with something in it', async () => {
    const call = { userId: 'x', event: 'Clicked', properties: [1] };
    expect(await api.write('/v1/track', call)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/properties', detail: 'must be an object' }] },
    });
  });
});

describe('a number that JavaScript would change', () => {
  /** Sends JSON as it stands. */
  const post = (path: string, body: string): Promise<Answer> =>
    api.call('POST', path, {
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${WRITE_KEY}:`)}` },
      body,
    });

  test('keeps its digits in ids, keys, properties and traits', async () => {
    const properties = '{"orderId":820982911946154508,"total":12.50,"exact":12345678901234567.89}';
    const ids = '"userId":820982911946154508,"messageId":820982911946154509';
    await post('/v1/track', `{${ids},"event":"Clicked","properties":${properties}}`);
    await post('/v1/identify', '{"userId":820982911946154508,"traits":{"account":9007199254740993}}');
    await post('/v1/alias', '{"userId":820982911946154508,"previousId":820982911946154507}');
    const [event] = await eventsOf('820982911946154508');
    expect(event).toMatchObject({
      message_id: '820982911946154509',
      properties: { orderId: '820982911946154508', total: 12.5, exact: '12345678901234567.89' },
    });
    expect((await api.admin('GET', '/v1/users/820982911946154508')).body).toMatchObject({
      previousIds: ['anon:820982911946154507'],
      traits: { account: '9007199254740993' },
    });
  });

  test('does not make one run of two orders', async () => {
    const order = (orderId: string): string =>
      `{"type":"track","userId":"buyer","event":"Order Placed","properties":{"orderId":${orderId}}}`;
    await post('/v1/batch', `{"batch":[${order('820982911946154508')},${order('820982911946154509')}]}`);
    await new VirtualUser(api.database, 'buyer', api.definitions).advance(Date.now());
    expect(await api.database.knex('runs').where({ user_id: 'buyer' }).orderBy('key').pluck('key')).toEqual([
      '820982911946154508',
      '820982911946154509',
    ]);
  });

  test('does not become nothing', async () => {
    await post('/v1/track', '{"userId":"huge","event":"Clicked","properties":{"n":1e400}}');
    expect(await eventsOf('huge')).toMatchObject([{ properties: { n: '1e400' } }]);
    expect(await post('/v1/track', '{"userId":1e999,"event":"Clicked"}')).toMatchObject({ status: 200 });
    expect(await eventsOf('1e999')).toHaveLength(1);
  });

  test('is refused by name where only a number fits', async () => {
    const answer = await api.call('PUT', '/v1/journeys/exact', {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` },
      body: '{"name":"exact","enter":{"kind":"milestone","event":"Signed Up","counts":[9007199254740993]},"steps":[]}',
    });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        errors: expect.arrayContaining([{ pointer: '/enter/counts/0', detail: expect.stringContaining('number') }]),
      },
    });
  });
});

describe('an email address', () => {
  const traitsOf = async (id: string): Promise<unknown> => (await api.admin('GET', `/v1/users/${id}`)).body;

  test.each([' ada@example.com\n', '\ufeffada@example.com', 'ada@example.com\u200b'])(
    'loses what was copied along with it: %j',
    async (email) => {
      const userId = `mail ${email.length} ${email.indexOf('a')}`;
      const answer = await api.write('/v1/identify', { userId, traits: { email, name: ' Ada ' } });
      expect(answer).toMatchObject({ status: 200, body: { warnings: [] } });
      expect(await traitsOf(userId)).toMatchObject({ traits: { email: 'ada@example.com', name: ' Ada ' } });
    },
  );

  test('that can’t be used stays as it is, with a warning', async () => {
    const answer = await api.write('/v1/identify', { userId: 'no-at', messageId: 'm', traits: { email: 'ada' } });
    expect(answer).toMatchObject({
      status: 200,
      body: { warnings: [{ index: 0, messageId: 'm', pointer: '/traits/email', detail: 'gets no mail: no @' }] },
    });
    expect(await traitsOf('no-at')).toMatchObject({ traits: { email: 'ada' } });
  });

  test('that can’t be used is named as the reason on the timeline', async () => {
    await api.write('/v1/identify', { userId: 'unread', traits: { email: 'ada@@example.com' } });
    await api.write('/v1/track', { userId: 'unread', event: 'Signed Up', properties: { plan: 'free' } });
    // Later than an address is awaited for a newcomer.
    await new VirtualUser(api.database, 'unread', api.definitions).advance(Date.now() + HOUR);
    const { body } = await api.admin('GET', '/v1/users/unread/timeline');
    expect((body as { entries: unknown[] }).entries).toContainEqual(
      expect.objectContaining({ kind: 'message', what: 'suppressed', reason: 'unreadable address: more than one @' }),
    );
  });
});

describe('an id that stands for nobody', () => {
  const NOBODY = [
    ...['undefined', 'null', 'NULL', 'None', 'nil', '<nil>', 'NaN', 'nan', '0', 0, '-1', -1, 'true', 'False'],
    ...['[object Object]', '00000000-0000-0000-0000-000000000000', 'Anonymous', 'guest', 'unknown', 'n/a'],
    ...['"undefined"', "'null'", ' null '],
  ];

  test.each(NOBODY)('is refused by name: %j', async (id) => {
    const errors = async (path: string, call: object): Promise<unknown> => {
      const { status, body } = await api.write(path, call);
      return [status, (body as { errors?: unknown }).errors];
    };
    const refusal = (pointer: string): unknown => [
      422,
      [{ pointer, detail: `must name one person: '${id}' is what code writes where it has no id` }],
    ];
    const event = { event: 'Clicked' };
    expect(await errors('/v1/track', { ...event, userId: id })).toEqual(refusal('/userId'));
    expect(await errors('/v1/track', { ...event, userId: id, anonymousId: 'a' })).toEqual(refusal('/userId'));
    expect(await errors('/v1/track', { ...event, anonymousId: id })).toEqual(refusal('/anonymousId'));
    expect(await errors('/v1/alias', { userId: id, previousId: 'a' })).toEqual(refusal('/userId'));
    expect(await errors('/v1/alias', { userId: 'a', previousId: id })).toEqual(refusal('/previousId'));
  });

  test('counts as nothing when it is the anonymousId of a user', async () => {
    await api.write('/v1/track', { userId: 'known', anonymousId: 'undefined', event: 'Clicked' });
    await api.write('/v1/track', { userId: 'other', anonymousId: 'undefined', event: 'Clicked' });
    expect([await eventsOf('known'), await eventsOf('other')]).toMatchObject([[{}], [{}]]);
  });

  test('may name a group, a message and a user of before', async () => {
    const { knex } = api.database;
    await knex('users').insert({ id: 'undefined', created_at: 0, last_seen_at: 0 });
    expect(await api.admin('GET', '/v1/users/undefined')).toMatchObject({ status: 200, body: { id: 'undefined' } });
    const call = { userId: 'member', groupId: 0, messageId: 'null' };
    expect(await api.write('/v1/group', call)).toMatchObject({ status: 200, body: { accepted: 1 } });
  });

  test.each(['Ida', 'nobody', 'nullable', '00', 'user 0', 10])('is not %j', async (userId) => {
    expect(await api.write('/v1/track', { userId, event: 'Clicked' })).toMatchObject({ status: 200 });
  });
});
