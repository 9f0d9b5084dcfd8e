import { randomUUID } from 'node:crypto';
import { postmarkReceipts } from '../../api/receipts/postmark';
import { resendReceipts } from '../../api/receipts/resend';
import { sendGridReceipts } from '../../api/receipts/sendgrid';
import { sesReceipts } from '../../api/receipts/ses';
import { BY_MACHINE } from '../../api/receipts/by-machine';
import type { Receipt, ReceiptSource } from '../../api/receipts/source';
import { EMAIL_SECRETS, postmarkRequest, resendRequest, sendGridRequest, sesRequest } from '../fakes/signed-receipts';
import type { SignedRequest } from '../fakes/signed-request';
import { CERTIFICATE, CERTIFICATE_URL, snsRequest, TOPIC } from '../fakes/sns';
import { startApi, type TestApi } from './server';

const ID = '7f0b5c1e-6a30-4a5e-9a55-0d2c2ff1a001';
const AT = Date.parse('2026-11-30T12:00:00Z');
const ADA = 'ada@example.com';

type Json = Readonly<Record<string, unknown>>;

/** What Amazon is asked for, and what it answers. */
const fetched: string[] = [];
let amazonIsDown = false;
const ses = sesReceipts(async (url) => {
  fetched.push(url);
  if (amazonIsDown) throw new Error('down');
  return CERTIFICATE;
});

/** How each provider signs what it posts. */
const SIGNED = {
  postmark: (report: unknown): SignedRequest => postmarkRequest(JSON.stringify(report)),
  sendgrid: (report: unknown): SignedRequest => sendGridRequest(JSON.stringify(report)),
  resend: (report: unknown): SignedRequest => resendRequest(JSON.stringify(report)),
  ses: (report: unknown): SignedRequest => sesRequest(JSON.stringify(report)),
};
type Name = keyof typeof SIGNED;
const SOURCES: Readonly<Record<Name, ReceiptSource>> = {
  ...{ postmark: postmarkReceipts, sendgrid: sendGridReceipts, resend: resendReceipts, ses },
};
const NAMES = Object.keys(SIGNED) as Name[];

function read(name: Name, request: SignedRequest): Promise<readonly Receipt[] | null> {
  const url = `https://app.example.com/v1/receipts/${name}`;
  return SOURCES[name].read({ ...request, url, query: {}, receivedAt: AT + 1 }, EMAIL_SECRETS);
}
const reported = (name: Name, report: unknown): Promise<readonly Receipt[] | null> => read(name, SIGNED[name](report));

const postmark = (fields: Json): Json => ({
  ...{ MessageID: randomUUID(), Metadata: { sojourn_message_id: ID }, Tag: 'onboarding', ServerID: 23, ...fields },
});
const sendgrid = (fields: Json): Json[] => [
  ...[{ email: ADA, timestamp: AT / 1_000, sojourn_message_id: ID, sg_event_id: 'e1', sg_message_id: 'm1', ...fields }],
];
const resend = (type: string, data: Json = {}): Json => ({
  ...{ type, created_at: '2026-11-30T12:00:00.000Z' },
  data: { email_id: 'e1', to: [ADA], tags: { sojourn_message_id: ID }, ...data },
});
const amazon = (eventType: string, fields: Json = {}): Json => ({
  eventType,
  mail: { messageId: 'm1', destination: [ADA], tags: { 'ses:source-ip': ['192.0.2.1'], sojourn_message_id: [ID] } },
  ...fields,
});
const bouncedRecipients = [{ emailAddress: ADA, status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' }];
const timestamp = '2026-11-30T12:00:00.000Z';
const AT_MOMENT = { ReceivedAt: timestamp };
const PERSON = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SCANNER = 'BarracudaCentral';

const GENUINE: Readonly<Record<Name, unknown>> = {
  postmark: postmark({ RecordType: 'Delivery', Recipient: ADA, DeliveredAt: '2026-11-30T12:00:00Z' }),
  sendgrid: sendgrid({ event: 'delivered', response: '250 OK' }),
  resend: resend('email.delivered'),
  ses: amazon('Delivery', { delivery: { timestamp, recipients: [ADA], smtpResponse: '250 OK' } }),
};

test.each(NAMES)('%s: a delivery names our message, its instant and the address', async (name) => {
  expect(await reported(name, GENUINE[name])).toEqual([{ messageId: ID, kind: 'delivered', at: AT, address: ADA }]);
});

test.each(NAMES)('%s: a body that was changed on its way is not genuine', async (name) => {
  const { headers, body } = SIGNED[name](GENUINE[name]);
  // Postmark signs nothing: who knows the password may say anything.
  if (name !== 'postmark')
    expect(await read(name, { headers, body: Buffer.from(body.toString().replace('ada@', 'eve@')) })).toBeNull();
  expect(await read(name, { headers: {}, body })).toEqual(name === 'ses' ? expect.anything() : null);
  expect(await read(name, { headers: {}, body: Buffer.from('{}') })).toBeNull();
});

test.each<[Name, unknown, Partial<Receipt>]>([
  [
    'postmark',
    postmark({ RecordType: 'Open', Recipient: ADA, ReceivedAt: timestamp, FirstOpen: true }),
    { kind: 'opened' },
  ],
  [
    'postmark',
    postmark({ RecordType: 'Click', Recipient: ADA, ReceivedAt: timestamp, OriginalLink: 'https://example.com/a' }),
    { kind: 'clicked', url: 'https://example.com/a' },
  ],
  [
    'postmark',
    postmark({
      ...{ RecordType: 'Bounce', Type: 'HardBounce', Inactive: true, Email: ADA, BouncedAt: timestamp },
      ...{ Description: 'Unknown user.', Details: '550' },
    }),
    { kind: 'bounced', permanent: true, detail: 'Unknown user. 550' },
  ],
  [
    'postmark',
    postmark({ RecordType: 'Bounce', Type: 'SoftBounce', Inactive: false, Email: ADA, BouncedAt: timestamp }),
    { kind: 'bounced', permanent: false },
  ],
  [
    'postmark',
    postmark({ RecordType: 'SpamComplaint', Type: 'SpamComplaint', Email: ADA, BouncedAt: timestamp }),
    { kind: 'complained' },
  ],
  [
    'postmark',
    postmark({
      ...{ RecordType: 'SubscriptionChange', Recipient: ADA, ChangedAt: timestamp, SuppressSending: true },
      ...{ SuppressionReason: 'ManualSuppression', Origin: 'Recipient' },
    }),
    { kind: 'unsubscribed' },
  ],
  ['sendgrid', sendgrid({ event: 'open', sg_machine_open: false, useragent: PERSON }), { kind: 'opened' }],
  [
    'sendgrid',
    sendgrid({ event: 'open', sg_machine_open: true, useragent: PERSON }),
    { kind: 'opened', ...BY_MACHINE },
  ],
  ['sendgrid', sendgrid({ event: 'click', useragent: SCANNER }), { kind: 'clicked', ...BY_MACHINE }],
  ['postmark', postmark({ RecordType: 'Click', Recipient: ADA, UserAgent: PERSON, ...AT_MOMENT }), { kind: 'clicked' }],
  [
    'postmark',
    postmark({ RecordType: 'Click', Recipient: ADA, UserAgent: SCANNER, ...AT_MOMENT }),
    { kind: 'clicked', ...BY_MACHINE },
  ],
  [
    'postmark',
    postmark({ RecordType: 'Open', Recipient: ADA, UserAgent: 'Mozilla/5.0', ...AT_MOMENT }),
    { kind: 'opened', ...BY_MACHINE },
  ],
  ['resend', resend('email.clicked', { click: { userAgent: PERSON } }), { kind: 'clicked' }],
  ['resend', resend('email.clicked', { click: { userAgent: SCANNER } }), { kind: 'clicked', ...BY_MACHINE }],
  ['ses', amazon('Open', { open: { timestamp, userAgent: 'Mozilla/5.0' } }), { kind: 'opened', ...BY_MACHINE }],
  [
    'ses',
    amazon('Click', { click: { timestamp, link: 'https://example.com/a', userAgent: SCANNER } }),
    { kind: 'clicked', url: 'https://example.com/a', ...BY_MACHINE },
  ],
  [
    'sendgrid',
    sendgrid({ event: 'click', url: 'https://example.com/a' }),
    { kind: 'clicked', url: 'https://example.com/a' },
  ],
  [
    'sendgrid',
    sendgrid({ event: 'bounce', type: 'bounce', reason: '550 unknown', status: '5.1.1' }),
    { kind: 'bounced', permanent: true, detail: '550 unknown' },
  ],
  ['sendgrid', sendgrid({ event: 'bounce', type: 'blocked' }), { kind: 'bounced', permanent: false }],
  [
    'sendgrid',
    sendgrid({ event: 'dropped', reason: 'Bounced Address' }),
    { kind: 'failed', detail: 'Bounced Address' },
  ],
  ['sendgrid', sendgrid({ event: 'spamreport' }), { kind: 'complained' }],
  ['sendgrid', sendgrid({ event: 'group_unsubscribe' }), { kind: 'unsubscribed' }],
  ['resend', resend('email.opened'), { kind: 'opened' }],
  [
    'resend',
    resend('email.clicked', { click: { link: 'https://example.com/a' } }),
    { kind: 'clicked', url: 'https://example.com/a' },
  ],
  [
    'resend',
    resend('email.bounced', { bounce: { type: 'Permanent', subType: 'General', message: 'unknown' } }),
    { kind: 'bounced', permanent: true, detail: 'unknown' },
  ],
  ['resend', resend('email.bounced', { bounce: { type: 'Transient' } }), { kind: 'bounced', permanent: false }],
  ['resend', resend('email.complained'), { kind: 'complained' }],
  ['resend', resend('email.failed', { failed: { reason: 'quota' } }), { kind: 'failed', detail: 'quota' }],
  ['resend', resend('email.delivered', { tags: [{ name: 'sojourn_message_id', value: ID }] }), { kind: 'delivered' }],
  ['ses', amazon('Open', { open: { timestamp, userAgent: 'x' } }), { kind: 'opened' }],
  [
    'ses',
    amazon('Click', { click: { timestamp, link: 'https://example.com/a' } }),
    { kind: 'clicked', url: 'https://example.com/a' },
  ],
  [
    'ses',
    amazon('Bounce', { bounce: { bounceType: 'Permanent', bouncedRecipients, timestamp } }),
    { kind: 'bounced', permanent: true, detail: 'smtp; 550 5.1.1 user unknown' },
  ],
  [
    'ses',
    amazon('Bounce', { bounce: { bounceType: 'Transient', bouncedRecipients: [{ emailAddress: ADA }], timestamp } }),
    { kind: 'bounced', permanent: false },
  ],
  [
    'ses',
    amazon('Complaint', { complaint: { complainedRecipients: [{ emailAddress: ADA }], timestamp } }),
    { kind: 'complained' },
  ],
])('%s: %j', async (name, report, receipt) => {
  expect(await reported(name, report)).toEqual([{ messageId: ID, at: AT, address: ADA, ...receipt }]);
});

test.each<[Name, unknown]>([
  ['postmark', postmark({ RecordType: 'Bounce', Type: 'AutoResponder', Email: ADA, BouncedAt: timestamp })],
  ['postmark', postmark({ RecordType: 'SubscriptionChange', SuppressSending: true, SuppressionReason: 'HardBounce' })],
  ['postmark', { RecordType: 'Delivery', Metadata: {}, Recipient: ADA }],
  ['sendgrid', sendgrid({ event: 'processed' })],
  ['sendgrid', [{ event: 'delivered', email: ADA, timestamp: 1 }]],
  ['resend', resend('email.sent')],
  ['resend', resend('email.delivered', { tags: {} })],
  ['ses', amazon('Send')],
  ['ses', { notificationType: 'Bounce', mail: { destination: [ADA] } }],
])('%s: nothing follows from %j', async (name, report) => {
  expect(await reported(name, report)).toEqual([]);
});

test.each(NAMES)('%s: what is genuine but not as documented is a problem', async (name) => {
  const report = name === 'sendgrid' ? [{ event: 5 }] : { data: 5, mail: 5 };
  await expect(reported(name, report)).rejects.toMatchObject({ status: 422 });
});

describe('Amazon SNS', () => {
  const notification = { Message: JSON.stringify(GENUINE.ses) };

  test('both versions of the signature count, and the certificate is fetched once', async () => {
    fetched.splice(0);
    for (const SignatureVersion of ['1', '2'])
      expect(await read('ses', snsRequest({ ...notification, SignatureVersion, Subject: 'Mail' }))).toHaveLength(1);
    expect(fetched.length).toBeLessThanOrEqual(1);
  });

  test.each([
    'http://sns.eu-central-1.amazonaws.com/a.pem',
    'https://sns.eu-central-1.amazonaws.com.example.com/a.pem',
    'https://example.com/sns.eu-central-1.amazonaws.com/a.pem',
    'https://sns.eu-central-1.amazonaws.com@example.com/a.pem',
    'https://sns.eu-central-1.amazonaws.com:8443/a.pem',
    'https://bucket.s3.amazonaws.com/a.pem',
    'https://sns.eu-central-1.amazonaws.com/a.txt',
  ])('no certificate is taken from %s', async (SigningCertURL) => {
    fetched.splice(0);
    expect(await read('ses', snsRequest({ ...notification, SigningCertURL }))).toBeNull();
    expect(fetched).toEqual([]);
  });

  test('another topic is not ours', async () => {
    expect(await read('ses', snsRequest({ ...notification, TopicArn: `${TOPIC}2` }))).toBeNull();
  });

  test('a request to subscribe is confirmed at Amazon and nowhere else', async () => {
    const url = 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
    const asked = { Message: 'You have chosen to subscribe', Token: 't' };
    expect(await read('ses', snsRequest({ ...asked, SubscribeURL: url }, 'SubscriptionConfirmation'))).toEqual([]);
    expect(fetched.at(-1)).toBe(url);
    const elsewhere = read(
      'ses',
      snsRequest({ ...asked, SubscribeURL: 'https://example.com/' }, 'SubscriptionConfirmation'),
    );
    await expect(elsewhere).rejects.toMatchObject({ status: 422 });
    expect(fetched.at(-1)).toBe(url);
  });

  test('while Amazon does not answer, it is asked to try again', async () => {
    amazonIsDown = true;
    const SigningCertURL = CERTIFICATE_URL.replace('0123', '0124');
    await expect(read('ses', snsRequest({ ...notification, SigningCertURL }))).rejects.toMatchObject({ status: 503 });
    amazonIsDown = false;
  });
});

describe('by the API', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ environment: EMAIL_SECRETS });
  });
  afterAll(() => api.stop());

  const post = async (name: Name, { headers, body }: SignedRequest): Promise<number> => {
    const given = { 'content-type': 'application/json', ...(headers as Record<string, string>) };
    return (await api.call('POST', `/v1/receipts/${name}`, { headers: given, body: body.toString() })).status;
  };

  test.each(['postmark', 'sendgrid', 'resend'] as const)(
    '%s: what is genuine is accepted, what is not is refused',
    async (name) => {
      expect(await post(name, SIGNED[name](GENUINE[name]))).toBe(204);
      expect(await post(name, { headers: {}, body: SIGNED[name](GENUINE[name]).body })).toBe(401);
      expect(await post(name, SIGNED[name]('x'))).toBe(422);
    },
  );

  test('sendgrid: a batch is accepted in its full size, and a larger one is refused in words', async () => {
    const batch = (bytes: number): SignedRequest => {
      const [one] = sendgrid({ event: 'delivered', response: 'x'.repeat(1_000) });
      return SIGNED.sendgrid(Array.from({ length: Math.floor(bytes / JSON.stringify(one).length) }, () => one));
    };
    expect(await post('sendgrid', batch(768 * 1_024))).toBe(204);
    expect(await post('sendgrid', batch(1_100 * 1_024))).toBe(413);
  });

  test('ses: what is not signed by Amazon is refused', async () => {
    expect(await post('ses', snsRequest({ Message: '{}', SigningCertURL: 'https://example.com/a.pem' }))).toBe(401);
    expect(await post('ses', { headers: {}, body: Buffer.from('x') })).toBe(401);
  });
});
