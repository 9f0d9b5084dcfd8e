import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Running } from '../../config/run-alone';
import { freePort } from '../../dev/port';
import { startServer } from '../../server';
import {
  inboundMessage,
  messageStatus,
  startFakeTwilio,
  twilioError,
  twilioHook,
  TWILIO_ACCOUNT,
  type FakeTwilio,
  type Taken,
} from '../fakes/twilio';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

const PUBLIC = 'https://sojourn.example';
const OURS = '+15550006666';

const JOURNEYS = join(__dirname, 'journeys-by-phone');

let stack: TestLifecycle;
let server: Running;
let fake: FakeTwilio;
let url: string;
beforeAll(async () => {
  [stack, fake] = await Promise.all([startLifecycle({ journeysPath: JOURNEYS }), startFakeTwilio()]);
  const config = { ...stack.config, publicUrl: PUBLIC, port: await freePort() };
  server = await startServer(config, { environment: { TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken } });
  url = `http://127.0.0.1:${config.port}`;
  Object.assign(process.env, {
    TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
    TWILIO_FROM: OURS,
    TWILIO_URL: fake.url,
  });
  await stack.startWorker({ journeysPath: JOURNEYS, publicUrl: PUBLIC });
});
afterAll(async () => {
  await server.stop();
  await stack.stop();
  await fake.stop();
});

/** A person with a German number of their own, written as people do. */
function person(): {
  readonly userId: string;
  readonly traits: { phone: string; country: string };
  readonly number: string;
} {
  const digits = String(randomInt(1_000_000, 10_000_000));
  const userId = stack.newUser();
  return { userId, traits: { phone: `0171 ${digits}`, country: 'DE' }, number: `+49171${digits}` };
}

const takenBy = (number: string): readonly Taken[] => fake.taken.filter(({ fields }) => fields['To'] === number);
const badgesOf = async (userId: string): Promise<readonly string[]> =>
  (await stack.database.knex('users').where({ id: userId }).first<{ memory: { badges: string[] } }>('memory')).memory
    .badges;

/** Posts to an address of the API as Twilio does. */
async function post(address: string, fields: Readonly<Record<string, string>>): Promise<number> {
  const { headers, body } = twilioHook(address, fields);
  const response = await fetch(address.replace(PUBLIC, url), { method: 'POST', headers: { ...headers }, body });
  return response.status;
}

const write = (from: string, text: string): Promise<number> =>
  post(`${PUBLIC}/v1/receipts/twilio`, inboundMessage({ from, to: OURS, text }));

/** What became of the last message of a person. */
async function lastMessage(userId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const query = stack.database.knex('messages').where({ user_id: userId }).orderBy('decided_at', 'desc');
  return query.first<Readonly<Record<string, unknown>> | undefined>();
}

test('an event leads to an SMS, and the journey goes on with what Twilio and the person report', async () => {
  const { userId, traits, number } = person();
  await stack.track(userId, 'Gate Changed', { gate: 'B12' }, { traits });
  const sent = await until('the SMS', () => takenBy(number)[0]);
  expect(sent.fields['Body']).toBe('Gate B12 now.');
  const callback = sent.fields['StatusCallback'] ?? '';
  for (const status of ['queued', 'delivered', 'sent', 'delivered'])
    expect(await post(callback, messageStatus(sent, status))).toBe(204);
  await until('the journey goes on', async () => (await badgesOf(userId)).length > 0);
  expect(await write(number, 'Thanks!')).toBe(204);
  await until('the answer is read', async () => (await badgesOf(userId)).length > 1);
  expect(await badgesOf(userId)).toEqual(['told of B12', '7 letters']);
  const history = await stack.readableHistory(userId);
  for (const personal of [number, traits.phone, 'Thanks!']) expect(history).not.toContain(personal);
});

test('STOP ends the SMS: also the one that waits for another attempt', async () => {
  const { userId, traits, number } = person();
  await stack.track(userId, 'Gate Changed', { gate: 'B12' }, { traits });
  await until('the first SMS', () => takenBy(number)[0]);
  fake.misbehave({ ...twilioError(503, 20503), headers: { 'retry-after': '2' } });
  await stack.track(userId, 'Gate Changed', { gate: 'B14' }, { traits });
  await until('the second SMS waits', async () => (await lastMessage(userId))?.['status'] === 'retrying');
  expect(await write(number, 'Stop')).toBe(204);
  const stopped = await until('the second SMS is given up', async () => {
    const message = await lastMessage(userId);
    return message?.['status'] === 'suppressed' && message;
  });
  expect(stopped).toMatchObject({ cause: 'consent' });
  await stack.track(userId, 'Gate Changed', { gate: 'B16' }, { traits });
  await until(
    'the third is decided',
    async () => (await stack.database.knex('runs').where({ user_id: userId })).length === 3,
  );
  expect(takenBy(number)).toHaveLength(1);
});

test('a number that Twilio does not know is asked for once', async () => {
  const { userId, traits, number } = person();
  fake.misbehave(twilioError(400, 21211, `The 'To' number ${number} is not a valid phone number.`));
  await stack.track(userId, 'Gate Changed', { gate: 'B12' }, { traits });
  const message = await until('it is given up', async () => {
    const last = await lastMessage(userId);
    return last?.['status'] === 'suppressed' && last;
  });
  expect(message).toMatchObject({ cause: 'bounced' });
  const suppressed = await stack.database
    .knex('suppressed_addresses')
    .where({ channel: 'sms' })
    .pluck<string[]>('cause');
  expect(suppressed.filter((cause) => cause === 'bounced')).toHaveLength(1);
});

test('a stored journey may send by a channel with a file, and is refused with one that has none', async () => {
  const errorsOf = async (channel: string): Promise<readonly { pointer: string; detail: string }[]> => {
    const steps = [{ kind: 'send', step: 'hello', messages: [{ channel, template: 'nowhere' }] }];
    const response = await fetch(`${url}/v1/journeys/hello`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${stack.config.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ enter: { kind: 'manual' }, steps }),
    });
    return ((await response.json()) as { errors: { pointer: string; detail: string }[] }).errors;
  };
  const template = '/steps/0/messages/0/template';
  expect((await errorsOf('sms')).map(({ pointer }) => pointer)).toEqual([template]);
  expect(await errorsOf('whatsApp')).toMatchObject([
    {
      pointer: '/steps/0/messages/0/channel',
      detail: expect.stringMatching(
        /^channel without file: sends by whatsApp, .* Write channels\/whatsApp.ts/,
      ) as string,
    },
  ]);
});
