import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { JsonObject } from '../../engine/model/json';
import { createPushDevices } from '../../store/push-devices';
import { install, type Installation } from '../e2e/support/installation';
import { Person } from '../e2e/support/person';
import { fcmError, startFcm, type FakeFcm } from '../fakes/fcm';
import { until } from '../support/until';

/*
 * A push is followed by an email on the real stack, in fast time: four hours take half a minute. Where a message has to follow at once, its
 * journey would wait 300 days, so the email comes at once or not at all.
 */
const SPEED = 480;
const HOURS = 3_600_000;
const RECEIPTS_SECRET = `whsec_${Buffer.from('a secret of the receipts in tests').toString('base64')}`;

let here: Installation;
let google: FakeFcm;
beforeAll(async () => {
  google = await startFcm();
  Object.assign(process.env, { FCM_SERVICE_ACCOUNT: google.serviceAccount, FCM_URL: google.url, RECEIPTS_SECRET });
  here = await install({ speed: SPEED, journeysPath: join(__dirname, 'journeys-falling-back') });
});
afterAll(async () => {
  await here.stop();
  await google.stop();
});

/** A person with an address and a device. */
async function withDevice(firstName: string): Promise<Person> {
  const person = new Person(here, firstName);
  person.identify();
  const device = { service: 'fcm', token: person.id, platform: 'android', app: null, locale: null } as const;
  await until('the person is known', () => createPushDevices(here.database).add(person.id, device, 1));
  return person;
}

interface StoredMessage {
  readonly id: string;
  readonly channel: string;
  readonly status: string;
  readonly cause: string | null;
  readonly decided_at: number;
}

const messages = ({ id }: Person): Promise<StoredMessage[]> =>
  here.database
    .knex<StoredMessage>('messages')
    .where({ user_id: id } as never)
    .orderBy('decided_at')
    .select('id', 'channel', 'status', 'cause', 'decided_at');

const events = ({ id }: Person, name: string): Promise<object[]> =>
  here.database.knex('events').where({ user_id: id, name }).pluck('properties');

const isOver = async ({ id }: Person): Promise<boolean> =>
  (await here.database.knex('runs').where({ user_id: id, status: 'completed' })).length === 1;

async function sentPush(person: Person): Promise<StoredMessage> {
  return until('the push is sent', async () => (await messages(person)).find(({ status }) => status === 'sent'));
}

async function report(receipt: JsonObject): Promise<void> {
  const body = JSON.stringify({ receipts: [{ at: new Date().toISOString(), ...receipt }] });
  const [id, at] = [randomUUID(), new Date()];
  const { status } = await fetch(`${here.url}/v1/receipts/standard`, {
    method: 'POST',
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(RECEIPTS_SECRET).sign(id, at, body),
    },
    body,
  });
  expect(status).toBe(204);
}

/** Waits until the run is over, and expects one email. */
async function expectOneEmail(person: Person): Promise<void> {
  await until('the email follows and the run ends', async () => person.mails().length > 0 && isOver(person));
  expect(person.mails()).toHaveLength(1);
  expect((await messages(person)).map(({ channel }) => channel)).toEqual(['push', 'email']);
}

test('the email goes out after four hours of journey time, once, to those who did not open the push', async () => {
  const [ada, bob] = [await withDevice('Ada'), await withDevice('Bob')];
  for (const person of [ada, bob]) person.track('Parcel Sent');
  const push = await sentPush(ada);
  await report({ message: push.id, kind: 'opened' });
  await until('Ada has noticed', () => isOver(ada));
  await expectOneEmail(bob);
  const [first, second] = await messages(bob);
  expect((second?.decided_at ?? 0) - (first?.decided_at ?? 0)).toBeGreaterThanOrEqual(4 * HOURS);
  expect(ada.mails()).toEqual([]);
  expect(await messages(ada)).toMatchObject([{ channel: 'push', status: 'sent' }]);
});

test('the email goes out at once when the push has bounced, once, however often that is reported', async () => {
  const ada = await withDevice('Ada');
  ada.track('Parcel Waits');
  const push = await sentPush(ada);
  const bounce = { message: push.id, kind: 'bounced', permanent: true };
  await Promise.all([report(bounce), report(bounce), report(bounce)]);
  await expectOneEmail(ada);
  await report(bounce);
  expect(await events(ada, 'Message Bounced')).toHaveLength(1);
  expect(ada.mails()).toHaveLength(1);
});

test.each([
  ['refuses the message', fcmError(400, 'SENDER_ID_MISMATCH'), 'bounced'],
  ['does not know the device', fcmError(404, 'UNREGISTERED'), 'subscription'],
])('the email goes out at once when the provider %s', async (_, answer, cause) => {
  const ada = await withDevice('Ada');
  google.misbehave(answer);
  ada.track('Parcel Waits');
  await expectOneEmail(ada);
  const [push] = await messages(ada);
  expect(push).toMatchObject({ channel: 'push', status: 'suppressed', cause });
  expect(await events(ada, 'Message Failed')).toMatchObject([
    { message: push?.id, journey: 'patient', step: 'parcel', channel: 'push' },
  ]);
  // The provider reports the same: that is one event, and no further message.
  await report({ message: push?.id ?? '', kind: 'failed' });
  expect(await events(ada, 'Message Failed')).toHaveLength(1);
  expect(ada.mails()).toHaveLength(1);
});

test('the email goes out at once when the push has expired after attempts in vain', async () => {
  const ada = await withDevice('Ada');
  google.misbehave(...Array.from({ length: 100 }, () => ({ status: 503, body: 'unavailable' })));
  ada.track('Parcel Returns');
  await expectOneEmail(ada);
  expect(await messages(ada)).toMatchObject([
    { channel: 'push', status: 'suppressed', cause: 'expired' },
    { channel: 'email', status: 'sent' },
  ]);
});
