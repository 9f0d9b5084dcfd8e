import { policy } from '../../engine/policy/define';
import { castVote } from '../../store/poll-votes';
import { mergeUsers } from '../../store/merge-users';
import { until } from '../support/until';
import { EventStream } from './event-stream';
import { InAppUser } from './in-app-users';
import { startApi, testDefinitions, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  const code = { ...(await testDefinitions()), policy: policy({ caps: { inApp: { session: 2 } } }) };
  api = await startApi({ code });
});
afterAll(() => api.stop());

const open: EventStream[] = [];
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});

let users = 0;
const options = ['red', 'blue'].map((value) => ({ value, label: value }));

/** A user whose app shows a poll. */
async function asked(
  poll: string,
  content: object = {},
): Promise<{ readonly user: InAppUser; readonly message: string }> {
  const user = await InAppUser.create(api.database, `voter-${++users}`);
  const message = await user.store({ step: 'poll' });
  const shown = { kind: 'poll', title: 'Which?', poll, options, ...content };
  await api.database.pool.query('UPDATE messages SET content = $2 WHERE id = $1', [message, shown]);
  return { user, message };
}

async function page({ token }: InAppUser): Promise<EventStream> {
  const stream = await EventStream.open(api.url, token);
  open.push(stream);
  await until('the state', () => Promise.resolve('polls' in stream.state));
  return stream;
}

const headersOf = ({ token }: InAppUser): object => ({
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
});
async function vote({ user, message }: Awaited<ReturnType<typeof asked>>, value: string): Promise<number> {
  const body = JSON.stringify({ value });
  return (await api.call('POST', `/v1/inbox/${message}/answer`, { ...headersOf(user), body })).status;
}
const stateOf = async (user: InAppUser): Promise<object> =>
  (await api.call('GET', '/v1/in-app', headersOf(user))).body as object;
const polls = (stream: EventStream): unknown => stream.state['polls'];

test('the results of a poll are part of the state once the user has voted, or if it shows them to all', async () => {
  const [after, always, never] = [
    await asked('one'),
    await asked('one', { results: 'always' }),
    await asked('one', { results: 'never' }),
  ];
  expect(await stateOf(after.user)).toMatchObject({ polls: {} });
  expect(await stateOf(always.user)).toMatchObject({ polls: { one: { votes: {}, total: 0 } } });
  expect([await vote(after, 'red'), await vote(never, 'blue')]).toEqual([204, 204]);
  const results = { one: { votes: { red: 1, blue: 1 }, total: 2 } };
  expect(await stateOf(after.user)).toMatchObject({ polls: results });
  expect(await stateOf(always.user)).toMatchObject({ polls: results });
  expect(await stateOf(never.user)).toMatchObject({ polls: {} });
});

test('200 open pages see the exact count of votes at once, and no page costs a query for it', async () => {
  const viewers = await Promise.all(Array.from({ length: 200 }, () => asked('live', { results: 'always' })));
  const streams = await Promise.all(viewers.map(({ user }) => page(user)));
  await api.database.pool.query(
    `INSERT INTO users (id, created_at, last_seen_at) SELECT 'crowd ' || n, 0, 0 FROM generate_series(1, 100) n`,
  );
  const read = jest.spyOn(api.database.pool, 'query');
  await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      castVote(api.database, {
        ...{ userId: `crowd ${n + 1}`, poll: 'live', mayChange: false, at: 1 },
        value: n % 4 === 0 ? 'red' : 'blue',
      }),
    ),
  );
  const results = { live: { votes: { red: 25, blue: 75 }, total: 100 } };
  await until('all pages with all votes', () =>
    Promise.resolve(streams.every((one) => JSON.stringify(polls(one)) === JSON.stringify(results))),
  ).catch(() => undefined);
  const names = (read.mock.calls as unknown as [{ name?: string }][]).map(([query]) => query.name);
  read.mockRestore();
  for (const stream of streams) expect(polls(stream)).toEqual(results);
  // For 200 pages. One or two are read again for another reason, such as a page that was busy.
  expect(names.filter((name) => name === 'read-in-app-states').length).toBeLessThan(5);
  expect(names.filter((name) => name === 'read-poll-results').length).toBeLessThan(30);
});

test('a page that connects again with what it has gets no results that it knows, and those that it missed', async () => {
  const viewer = await asked('again', { results: 'always' });
  const first = await page(viewer.user);
  await vote(await asked('again'), 'red');
  await until('the first vote', () => Promise.resolve(JSON.stringify(polls(first)).includes('"total":1')));
  expect(first.events.at(-1)?.data).toEqual({ polls: { again: { votes: { red: 1 }, total: 1 } } });
  first.close();
  await vote(await asked('again'), 'blue');
  const next = await first.reopen();
  open.push(next);
  await until('the second vote', () => Promise.resolve(JSON.stringify(polls(next)).includes('"total":2')));
  expect(next.events.map(({ data }) => Object.keys(data as object))).toEqual([['polls']]);
});

test('a page sees that two voters have become one', async () => {
  const [ada, bob] = [await asked('merged', { results: 'always' }), await asked('merged')];
  const stream = await page(ada.user);
  await vote(ada, 'red');
  await vote(bob, 'blue');
  await until('two votes', () => Promise.resolve(JSON.stringify(polls(stream)).includes('"total":2')));
  await mergeUsers(api.database.patient, [{ previousId: bob.user.id, userId: ada.user.id }], 'users', Date.now());
  await until('one vote', () => Promise.resolve(JSON.stringify(polls(stream)).includes('"total":1')));
});

test('a message that is put off leaves the page, and comes back by time alone', async () => {
  const { user, message } = await asked('snoozed', { snooze: { label: 'Later', seconds: 1 } });
  const stream = await page(user);
  expect(stream.state['messages']).toHaveLength(1);
  await api.call('POST', `/v1/inbox/${message}/snoozed`, headersOf(user));
  await until('the message gone', () => Promise.resolve((stream.state['messages'] as unknown[]).length === 0));
  await until('the message back', () => Promise.resolve((stream.state['messages'] as unknown[]).length === 1));
});

test('the state says how many messages may appear in a session', async () => {
  const { user } = await asked('session');
  expect(await stateOf(user)).toMatchObject({ session: { most: 2 } });
});
