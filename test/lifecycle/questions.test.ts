import { join } from 'node:path';
import type { Running } from '../../config/run-alone';
import { signUserToken } from '../../config/tokens';
import { freePort } from '../../dev/port';
import { staticDefinitions } from '../../engine/definitions/definitions';
import type { JsonObject } from '../../engine/model/json';
import { startServer } from '../../server';
import { changeConsent } from '../../store/consent';
import { journeyRates } from '../../store/step-rates';
import { timeline } from '../../store/timeline';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import type { ReceivedMail } from '../support/smtp';
import { until } from '../support/until';

let stack: TestLifecycle;
let server: Running;
let url: string;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys-asking') });
  const port = await freePort();
  server = await startServer({ ...stack.config, port });
  url = `http://127.0.0.1:${port}`;
  await stack.startWorker();
});
afterAll(async () => {
  await server.stop();
  await stack.stop();
});

const mailTo = (user: string): ReceivedMail | undefined => stack.smtp.messages.find(({ to }) => to.startsWith(user));
const topicOf = async (user: string): Promise<unknown> =>
  (await stack.database.knex('users').where({ id: user }).first<{ traits: JsonObject }>('traits')).traits['topic'];
const answersOf = async (user: string): Promise<unknown[]> =>
  stack.database.knex('events').where({ user_id: user, name: 'Message Answered' }).pluck('properties');

/** Asks a person who speaks German for help. */
async function ask(user: string, patience: '1 second' | '1 hour'): Promise<void> {
  const traits = { email: `${user}@example.com`, locale: 'de-DE' };
  await stack.track(user, 'Help Asked', { patience }, { traits });
}

/** The paths of the links in the mail to a person who is away, in the order of the choices. */
async function linksOf(user: string): Promise<readonly [string, string]> {
  await until('the mail', () => mailTo(user) !== undefined);
  const [order = '', refund = ''] = [...(mailTo(user)?.mail.html || '').matchAll(/\/a\/[\w.-]+/g)].map(
    ([path]) => path,
  );
  return [order, refund];
}

async function page(path: string, method: 'GET' | 'POST'): Promise<{ readonly status: number; readonly html: string }> {
  const response = await fetch(url + path, { method });
  return { status: response.status, html: await response.text() };
}

interface Shown {
  readonly id: string;
  readonly content: JsonObject;
  readonly answer: string | null;
}

/** Calls the API as the person's own client. */
async function asOwnClient(user: string, path: string, body?: JsonObject): Promise<Response> {
  const authorization = `Bearer ${await signUserToken(stack.config.secret, user, 60_000)}`;
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization, 'content-type': 'application/json' },
  };
  return fetch(url + path, body ? init : { headers: { authorization } });
}

const inboxOf = async (user: string): Promise<readonly Shown[]> =>
  ((await (await asOwnClient(user, '/v1/inbox')).json()) as { messages: readonly Shown[] }).messages;

test('a question that is not seen in the app comes by mail, and a link in it answers', async () => {
  const ada = stack.newUser();
  await ask(ada, '1 second');
  const [order, refund] = await linksOf(ada);
  expect(mailTo(ada)?.subject).toBe('Wie können wir <b>helfen</b>?');

  // Mail programs open links.
  const question = await page(order, 'GET');
  expect(question).toMatchObject({ status: 200 });
  expect(question.html).toContain('<html lang="de-DE">');
  expect(question.html).toContain('<h1>Wie können wir &lt;b&gt;helfen&lt;/b&gt;?</h1>');
  expect(question.html).toContain(
    '<form method="post"><button class="primary">Meine Bestellung &amp; mehr</button></form>',
  );
  expect(await answersOf(ada)).toEqual([]);

  expect((await page(order, 'POST')).html).toContain('✓ Meine Bestellung &amp; mehr');
  await until('the answer', async () => (await topicOf(ada)) === 'order');
  expect(await inboxOf(ada)).toMatchObject([{ content: { kind: 'chat' }, answer: 'order' }]);

  // The first answer holds.
  for (const [link, method] of [
    [order, 'POST'],
    [order, 'GET'],
    [refund, 'POST'],
    [refund, 'GET'],
  ] as const) {
    const { status, html } = await page(link, method);
    expect([status, html.includes('✓ Meine Bestellung'), html.includes('<form')]).toEqual([200, true, false]);
  }
  expect(await answersOf(ada)).toMatchObject([{ step: 'topic', journey: 'support', value: 'order' }]);
  expect(stack.smtp.messages.filter(({ to }) => to.startsWith(ada))).toHaveLength(1);
});

test('neither the links nor the histories say who is asked, or what, and no history says what they answer', async () => {
  const bob = stack.newUser();
  await ask(bob, '1 second');
  const [order, refund] = await linksOf(bob);
  expect(Buffer.from(order.split('.')[1] ?? '', 'base64url').toString()).not.toContain(bob);
  await page(refund, 'POST');
  await until('the answer in the history', async () =>
    (await stack.readableHistory(bob)).includes('topic: answer: done'),
  );
  const history = await stack.readableHistory(bob);
  for (const text of ['helfen', 'Bestellung', '@example.com', 'refund']) expect(history).not.toContain(text);
});

test('the timeline and the rates say what they answer', async () => {
  const fay = stack.newUser();
  await ask(fay, '1 second');
  const [, refund] = await linksOf(fay);
  await page(refund, 'POST');
  await until('the answer', async () => (await topicOf(fay)) === 'refund');
  const entries = await timeline(stack.database, fay, { after: null, newestFirst: false, limit: 100 });
  expect(entries.find(({ what }) => what === 'topic: answer')).toMatchObject({ kind: 'step', reason: 'refund' });
  const { steps } = await journeyRates(stack.database, 'support', 0);
  const outcomes = steps.get('topic: answer')?.outcomes ?? {};
  expect(Object.keys(outcomes)).toContain('refund');
  expect(Object.keys(outcomes)).not.toContain('Message Answered');
});

test('a link to a question whose answer is forgotten says that it is answered, and no more', async () => {
  const gus = stack.newUser();
  await ask(gus, '1 second');
  const [order, refund] = await linksOf(gus);
  await page(refund, 'POST');
  await stack.database
    .knex('events')
    .where({ user_id: gus, name: 'Message Answered' })
    .update({ properties: stack.database.knex.raw("properties - 'value'") });
  for (const [link, method] of [
    [order, 'GET'],
    [order, 'POST'],
    [refund, 'GET'],
  ] as const) {
    const { status, html } = await page(link, method);
    expect([status, html.includes('<p role="status" class="notice">✓</p>'), html.includes('<form')]).toEqual([
      200,
      true,
      false,
    ]);
  }
  expect(await answersOf(gus)).toHaveLength(1);
});

test('a question that is answered in the app in time is not asked by mail', async () => {
  const cleo = stack.newUser();
  await ask(cleo, '1 hour');
  await until('the question', async () => (await inboxOf(cleo)).length === 1);
  const [shown] = await inboxOf(cleo);
  expect(shown?.content).toEqual({
    kind: 'chat',
    body: 'Wie können wir <b>helfen</b>?',
    choices: [
      { value: 'order', label: 'Meine Bestellung & mehr' },
      { value: 'refund', label: 'A refund' },
    ],
  });
  const answered = await asOwnClient(cleo, `/v1/inbox/${shown?.id ?? ''}/answer`, { value: 'refund' });
  expect(answered.status).toBe(204);
  await until('the answer', async () => (await topicOf(cleo)) === 'refund');
  expect(await stack.database.knex('messages').where({ user_id: cleo }).pluck('channel')).toEqual(['inApp']);
  expect(mailTo(cleo)).toBeUndefined();
});

test('who wants nothing in the app answers by the link', async () => {
  const dan = stack.newUser();
  await stack.track(dan, 'Elsewhere', {}, { signal: false });
  await changeConsent(stack.database, staticDefinitions(stack.definitions), {
    ...{ userId: dan, answers: { inApp: false }, at: Date.now(), alsoAsAlias: false },
  });
  await ask(dan, '1 second');
  const [, refund] = await linksOf(dan);
  expect((await page(refund, 'POST')).html).toContain('✓ A refund');
  await until('the answer', async () => (await topicOf(dan)) === 'refund');
  expect(await inboxOf(dan)).toEqual([]);
  expect((await page(refund, 'POST')).html).toContain('✓ A refund');
  expect(await answersOf(dan)).toHaveLength(1);
});

test('a link is closed when the time to answer is over, and not valid when it is changed or its user is erased', async () => {
  const eve = stack.newUser();
  await ask(eve, '1 second');
  const [order, refund] = await linksOf(eve);
  await until(
    'the record',
    async () =>
      (await stack.database.knex('messages').where({ user_id: eve, channel: 'email', status: 'sent' })).length === 1,
  );
  const [head, claims, signature] = refund.slice('/a/'.length).split('.');
  const forged = Buffer.from(
    Buffer.from(claims ?? '', 'base64url')
      .toString()
      .replace('refund', 'order'),
  );
  for (const path of [`/a/${head}.${forged.toString('base64url')}.${signature}`, '/a/nonsense', `${order}x`])
    expect(await page(path, 'POST')).toMatchObject({ status: 404 });

  await stack.database
    .knex('messages')
    .where({ user_id: eve })
    .decrement('decided_at', 86_400_000 + 1);
  for (const method of ['GET', 'POST'] as const) expect(await page(order, method)).toMatchObject({ status: 410 });
  expect(await answersOf(eve)).toEqual([]);

  await stack.database.knex('messages').where({ user_id: eve }).delete();
  expect(await page(order, 'POST')).toMatchObject({ status: 404 });
});
