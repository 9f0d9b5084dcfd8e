import { randomUUID } from 'node:crypto';
import { signUserToken } from '../../config/tokens';
import { until } from '../support/until';
import { ChatWorld } from './chat-world';
import { EventStream } from './event-stream';
import { SECRET } from './server';

let world: ChatWorld;
beforeAll(async () => {
  world = await ChatWorld.start();
});
afterAll(() => world.stop());

let count = 0;
/** Opens a conversation of two new users. */
async function delivery(): Promise<{
  readonly ada: string;
  readonly bob: string;
  readonly path: string;
  readonly key: string;
}> {
  const n = ++count;
  const [ada, bob, key] = [`ada-${n}`, `bob-${n}`, `order-${n}`];
  expect((await world.open(`delivery/${key}`, { customer: ada, courier: bob })).status).toBe(204);
  return { ada, bob, path: `delivery/${key}`, key };
}

async function help(...people: readonly ['guest' | 'host' | 'guide', string][]): Promise<string> {
  const path = `help/room-${++count}`;
  expect((await world.open(path, Object.fromEntries(people))).status).toBe(204);
  return path;
}

const setLocale = async (userId: string, locale: string): Promise<void> => {
  const { status } = await world.api.write('/v1/identify', { userId, traits: { locale } });
  expect(status).toBe(200);
};

test('two people exchange phrases, each in their own language, and see a role and a name of each other', async () => {
  const { ada, bob, path, key } = await delivery();
  await setLocale(ada, 'de-AT');
  const [first, second] = [randomUUID(), randomUUID()];
  expect((await world.say(bob, path, { id: first, phrase: 'arrived' })).status).toBe(201);
  expect((await world.say(ada, path, { id: second, phrase: 'here' })).status).toBe(201);
  expect((await world.state(ada)).chats).toEqual([
    {
      ...{ chat: 'delivery', key, role: 'customer', open: true, blocked: false, text: false },
      others: [{ role: 'courier', label: 'Kurier', name: `Name of ${bob}`, seen: null }],
      phrases: [
        { id: 'here', text: 'Ich bin an der Tür' },
        { id: 'wait', text: 'Please wait' },
      ],
      messages: [
        { id: first, role: 'courier', name: `Name of ${bob}`, text: 'Ich bin da', at: expect.any(String) as string },
        { id: second, role: 'customer', text: 'Ich bin an der Tür', at: expect.any(String) as string },
      ],
      unread: 1,
    },
  ]);
  const [his] = (await world.state(bob)).chats;
  expect(his).toMatchObject({ role: 'courier', others: [{ label: 'Customer', name: `Name of ${ada}` }], unread: 1 });
  expect(his?.messages.map(({ text }) => text)).toEqual(['I have arrived', 'I am at the door']);
  expect(JSON.stringify(his)).not.toContain(`"${ada}"`);
});

test('an open page of the other shows a message, and that it was seen, as it happens', async () => {
  const { ada, bob, path } = await delivery();
  const stream = await EventStream.open(world.api.url, await signUserToken(SECRET, ada, 60_000));
  await until('the state', () => Promise.resolve('chats' in stream.state));
  const id = randomUUID();
  await world.say(bob, path, { id, phrase: 'arrived' });
  await until('the message', () => Promise.resolve(JSON.stringify(stream.state).includes(id)));
  await world.say(ada, path, { id: randomUUID(), phrase: 'here' });
  const own = (await world.state(bob)).chats[0]?.messages.at(-1)?.id ?? '';
  await world.react(bob, path, 'seen', { id: own });
  await until('that it was seen', () => Promise.resolve(JSON.stringify(stream.state).includes(`"seen":"${own}"`)));
  stream.close();
});

test('a token reads and writes only in conversations of its user, and is told nothing of others', async () => {
  const { path } = await delivery();
  await world.open(`delivery/other-${count}`, { customer: 'eve', courier: 'mallory' });
  const bodies = {
    messages: { id: randomUUID(), phrase: 'here' },
    seen: { id: randomUUID() },
    report: {},
    block: undefined,
  };
  for (const [action, body] of Object.entries(bodies)) {
    const ask = async (place: string): Promise<unknown> => {
      const answer = await world.react('eve', place, action as 'seen', body);
      return [answer.status, (answer.body as { detail: string }).detail];
    };
    const answers = await Promise.all(
      [path, 'delivery/no-such-order', 'no-such-chat/order-1', 'constructor/x'].map(ask),
    );
    expect(answers).toEqual(Array(4).fill([404, 'The user has no such conversation.']));
  }
  expect(JSON.stringify(await world.state('eve'))).not.toContain('ada');
});

test('a message that is sent again, also at the same time, is said once', async () => {
  const { ada, bob, path } = await delivery();
  const said = { id: randomUUID(), phrase: 'here' };
  const answers = await Promise.all(Array.from({ length: 8 }, () => world.say(ada, path, said)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(7).fill(200), 201]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect((await world.state(bob)).chats[0]?.messages).toHaveLength(1);
  expect((await world.say(bob, path, { id: said.id, phrase: 'arrived' })).status).toBe(409);
  expect(await world.events(bob)).toHaveLength(1);
});

test('what many say at the same time is all there, in one order for all', async () => {
  const path = await help(['guest', 'gus'], ['host', 'hal'], ['guide', 'ida']);
  const said = ['gus', 'hal', 'ida'].flatMap((user) =>
    Array.from({ length: 10 }, (_, n) => world.say(user, path, { id: randomUUID(), text: `${user} ${n}` })),
  );
  expect((await Promise.all(said)).every(({ status }) => status === 201)).toBe(true);
  const texts = async (user: string): Promise<string[]> =>
    ((await world.state(user)).chats.find(({ key }) => path.endsWith(key))?.messages ?? []).map(({ text }) => text);
  expect(new Set(await texts('gus')).size).toBe(30);
  expect(await texts('hal')).toEqual(await texts('gus'));
});

test('the others get an event that they did not do, the sender one that they did, and neither says what was said', async () => {
  const path = await help(['guest', 'kim'], ['host', 'lee']);
  const about = { chat: 'help', key: path.slice('help/'.length) };
  const id = randomUUID();
  await world.say('kim', path, { id, text: 'a secret' });
  expect(await world.events('kim')).toEqual([
    { name: 'Chat Message Sent', properties: { ...about, role: 'guest', message: id }, active: true },
  ]);
  expect(await world.events('lee')).toEqual([
    { name: 'Chat Message Received', properties: { ...about, from: 'guest', message: id }, active: false },
  ]);
  await world.react('lee', path, 'seen', { id });
  await world.react('lee', path, 'seen', { id });
  await world.react('lee', path, 'report', { messageId: id, reason: 'a secret reason' });
  await world.react('lee', path, 'block');
  await world.react('lee', path, 'block');
  expect((await world.events('lee')).slice(1)).toEqual([
    { name: 'Chat Seen', properties: about, active: false },
    { name: 'Chat Reported', properties: { ...about, role: 'guest' }, active: true },
    { name: 'Chat Blocked', properties: about, active: true },
  ]);
  expect(await world.api.database.knex('tracked_events')).toEqual([]);
  expect(JSON.stringify(world.api.log)).not.toContain('secret');
});

test('a journey that awaits a message of the other is woken', async () => {
  const { ada, bob, path } = await delivery();
  await world.api.database
    .knex('users')
    .where({ id: ada })
    .update({ memory: '{}', awaiting: ['Chat Message Received'] });
  await world.say(bob, path, { id: randomUUID(), phrase: 'arrived' });
  expect(world.api.woken).toContainEqual(expect.objectContaining({ userId: ada, name: 'Chat Message Received' }));
});

test('what is unread and seen follows what a person has seen, and never goes back', async () => {
  const { ada, bob, path } = await delivery();
  const ids = [randomUUID(), randomUUID(), randomUUID()];
  for (const id of ids) await world.say(bob, path, { id, phrase: 'arrived' });
  const unread = async (): Promise<unknown> => (await world.state(ada)).chats[0]?.unread;
  expect(await unread()).toBe(3);
  expect((await world.react(ada, path, 'seen', { id: ids[1] })).status).toBe(204);
  expect(await unread()).toBe(1);
  expect((await world.react(ada, path, 'seen', { id: ids[0] })).status).toBe(204);
  expect(await unread()).toBe(1);
  expect((await world.state(bob)).chats[0]?.others).toMatchObject([{ seen: ids[1] }]);
  const { status, body } = await world.react(ada, path, 'seen', { id: randomUUID() });
  expect([status, body]).toMatchObject([422, { errors: [{ pointer: '/id' }] }]);
});

test('only phrases of the own role are taken, and text only where the chat allows it', async () => {
  const { ada, path } = await delivery();
  const refused = async (said: object, place = path): Promise<unknown> => {
    const { status, body } = await world.say(ada, place, { id: randomUUID(), ...said });
    const [error] = (body as { errors: { pointer: string; detail: string }[] }).errors;
    return [status, error?.pointer, error?.detail];
  };
  expect(await refused({ phrase: 'arrived' })).toEqual([422, '/phrase', 'must be one of here, wait']);
  expect(await refused({ phrase: 'constructor' })).toEqual([422, '/phrase', 'must be one of here, wait']);
  expect(await refused({ text: 'Hello' })).toEqual([422, '/text', 'must not be sent: the chat allows phrases only']);
  expect(await refused({})).toEqual([422, '', 'must have either a phrase or a text']);
  expect(await refused({ phrase: 'here', text: 'Hello' })).toEqual([422, '', 'must have either a phrase or a text']);
  const room = await help(['guest', ada], ['host', 'host']);
  expect(await refused({ phrase: 'here' }, room)).toEqual([
    422,
    '/phrase',
    'must not be sent: the role has no phrases',
  ]);
  for (const text of ['x'.repeat(1_001), ' \n ', '\u0000'])
    expect(await refused({ text }, room)).toEqual([422, '/text', 'must be text of 1 to 1000 characters']);
});

test('text comes through as it was written, whatever it looks like', async () => {
  const path = await help(['guest', 'mia'], ['host', 'ned']);
  const texts = [
    '<img src=x onerror=alert(1)>',
    `'); DROP TABLE users; --`,
    '{{ user.id }} 👋🏽\nsecond line',
    '"\\u0041',
  ];
  for (const text of texts) expect((await world.say('mia', path, { id: randomUUID(), text })).status).toBe(201);
  expect((await world.state('ned')).chats[0]?.messages.map(({ text }) => text)).toEqual(texts);
});

test('once it is closed nobody says anything, and it can be opened again', async () => {
  const { ada, bob, path } = await delivery();
  const said = { id: randomUUID(), phrase: 'here' };
  await world.say(ada, path, said);
  for (let n = 0; n < 2; n++) expect((await world.api.admin('POST', `/v1/chats/${path}/close`)).status).toBe(204);
  const answer = await world.say(ada, path, { id: randomUUID(), phrase: 'here' });
  expect([answer.status, answer.body]).toMatchObject([409, { detail: 'The conversation is closed.' }]);
  expect((await world.say(ada, path, said)).status).toBe(200);
  expect((await world.state(bob)).chats).toMatchObject([{ open: false, messages: [{ id: said.id }] }]);
  expect((await world.react(bob, path, 'report', {})).status).toBe(204);
  await world.open(path, { customer: ada, courier: bob });
  expect((await world.say(bob, path, { id: randomUUID(), phrase: 'arrived' })).status).toBe(201);
  expect((await world.state(ada)).chats).toMatchObject([{ open: true, messages: [{}, {}] }]);
});

test('once somebody blocks the other neither says anything, until somebody else takes their place', async () => {
  const { ada, bob, path } = await delivery();
  expect((await world.react(ada, path, 'block')).status).toBe(204);
  for (const [user, phrase] of [
    [ada, 'here'],
    [bob, 'arrived'],
  ] as const) {
    const answer = await world.say(user, path, { id: randomUUID(), phrase });
    expect([answer.status, answer.body]).toMatchObject([
      409,
      { detail: 'Somebody in the conversation has blocked the others.' },
    ]);
    expect((await world.state(user)).chats).toMatchObject([{ open: true, blocked: true }]);
  }
  await world.open(path, { customer: ada, courier: bob });
  expect((await world.say(bob, path, { id: randomUUID(), phrase: 'arrived' })).status).toBe(409);
  await world.open(path, { customer: ada, courier: `${bob}-2` });
  expect((await world.say(`${bob}-2`, path, { id: randomUUID(), phrase: 'arrived' })).status).toBe(201);
});

test('who takes the place of another sees nothing of what was said before, and the other nothing at all', async () => {
  const { ada, bob, path } = await delivery();
  await world.say(bob, path, { id: randomUUID(), phrase: 'arrived' });
  const next = `${bob}-next`;
  await world.open(path, { customer: ada, courier: next });
  expect((await world.state(bob)).chats).toEqual([]);
  expect((await world.say(bob, path, { id: randomUUID(), phrase: 'arrived' })).status).toBe(404);
  expect((await world.state(next)).chats).toMatchObject([{ messages: [], unread: 0 }]);
  const id = randomUUID();
  await world.say(ada, path, { id, phrase: 'here' });
  expect((await world.state(next)).chats).toMatchObject([{ messages: [{ id }], unread: 1 }]);
  expect((await world.state(ada)).chats).toMatchObject([
    {
      messages: [{ role: 'courier', name: `Name of ${bob}` }, { id }],
      others: [{ name: `Name of ${next}`, seen: null }],
    },
  ]);
});

test('people may change their roles', async () => {
  const { ada, bob, path } = await delivery();
  expect((await world.open(path, { courier: ada, customer: bob })).status).toBe(204);
  expect((await world.say(ada, path, { id: randomUUID(), phrase: 'arrived' })).status).toBe(201);
  expect((await world.state(bob)).chats).toMatchObject([{ role: 'customer', others: [{ role: 'courier' }] }]);
});

test('a participant says at most 30 things a minute, and is told when to go on', async () => {
  const path = await help(['guest', 'oda'], ['host', 'pam']);
  const say = (user: string): Promise<{ status: number; headers: Headers }> =>
    world.say(user, path, { id: randomUUID(), text: 'Hello' });
  const answers = await Promise.all(Array.from({ length: 32 }, () => say('oda')));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(30);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(2);
  for (const { headers } of refused) expect(headers.get('Retry-After')).toBe('60');
  expect((await say('pam')).status).toBe(201);
});

test('support sees who said and reported what', async () => {
  const { ada, bob, path, key } = await delivery();
  const id = randomUUID();
  await world.say(bob, path, { id, phrase: 'arrived' });
  await world.react(ada, path, 'report', { messageId: id, reason: 'He did not come' });
  await world.react(ada, path, 'report', { messageId: id });
  await world.react(ada, path, 'report', {});
  expect((await world.api.admin('GET', `/v1/chats/${path}`)).body).toMatchObject({
    ...{ chat: 'delivery', key, open: true, blocked: false },
    participants: [
      { userId: ada, role: 'customer', name: `Name of ${ada}`, leftAt: null },
      { userId: bob, role: 'courier', leftAt: null },
    ],
    messages: [{ id, userId: bob, role: 'courier', phrase: 'arrived', text: null }],
    reports: [
      { userId: ada, role: 'courier', messageId: null, reason: null },
      { userId: ada, role: 'courier', messageId: id, reason: 'He did not come' },
    ],
  });
  expect((await world.events(ada)).filter(({ name }) => name === 'Chat Reported')).toHaveLength(2);
  const own = randomUUID();
  await world.say(ada, path, { id: own, phrase: 'here' });
  const { status, body } = await world.react(ada, path, 'report', { messageId: own });
  expect([status, body]).toMatchObject([422, { errors: [{ pointer: '/messageId' }] }]);
  expect((await world.api.admin('GET', '/v1/chats/delivery/none')).status).toBe(404);
});

test('an opening that the chat does not allow is refused, and the answer names the field', async () => {
  const one = { userId: 'ada', role: 'customer', name: 'Ada' };
  const refused = async (participants: unknown): Promise<unknown> => {
    const { status, body } = await world.api.admin('PUT', '/v1/chats/delivery/refused', { participants });
    const [error] = (body as { errors: { pointer: string }[] }).errors;
    return [status, error?.pointer];
  };
  expect(await refused([one])).toEqual([422, '/participants']);
  expect(await refused([one, { userId: 'bob', role: 'driver', name: 'Bob' }])).toEqual([422, '/participants/1/role']);
  expect(await refused([one, { userId: 'bob', role: 'constructor', name: 'Bob' }])).toEqual([
    422,
    '/participants/1/role',
  ]);
  expect(await refused([one, { ...one, userId: 'bob' }])).toEqual([422, '/participants/1/role']);
  expect(await refused([one, { ...one, role: 'courier' }])).toEqual([422, '/participants/1/userId']);
  expect(await refused([one, { userId: 'bob', role: 'courier', name: 'x'.repeat(41) }])).toEqual([
    422,
    '/participants/1/name',
  ]);
  for (const userId of ['undefined', ' ', '[object Object]'])
    expect(await refused([one, { userId, role: 'courier', name: 'Bob' }])).toEqual([422, '/participants/1/userId']);
  expect((await world.open('no-such-chat/x', { customer: 'ada', courier: 'bob' })).status).toBe(404);
  expect((await world.api.admin('POST', '/v1/chats/delivery/refused/close')).status).toBe(404);
});

test('browsers of any origin may call it with a token, and the key of the admin opens it only', async () => {
  const { ada, path } = await delivery();
  const preflight = await world.api.call('OPTIONS', `/v1/chats/${path}/messages`, {
    headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  const token = { authorization: `Bearer ${await signUserToken(SECRET, ada, 60_000)}` };
  expect((await world.api.call('GET', `/v1/chats/${path}`, { headers: token })).status).toBe(401);
  expect((await world.api.call('POST', `/v1/chats/${path}/close`, { headers: token })).status).toBe(401);
  expect((await world.api.admin('POST', `/v1/chats/${path}/block`)).status).toBe(401);
});
