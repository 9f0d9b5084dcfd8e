import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { smtp } from '../../activities/providers/smtp';
import type { EmailContent } from '../../activities/templates/content';
import { freePort } from '../../dev/port';
import { INACTIVE } from '../fakes/postmark';
import { startResend } from '../fakes/resend';
import { startSmtp } from '../support/smtp';
import { EMAIL_APIS, emailApiNamed, outgoing } from './email-apis';

const signal = new AbortController().signal;

/** What a message has beside its texts. */
const content: EmailContent = {
  ...{ subject: 'Your invoice', html: '<p>Hello</p>', text: 'Hello' },
  from: 'Grüße <billing@example.com>',
  replyTo: ['support@example.com', 'Eve <eve@example.com>'],
  cc: ['accounts@example.com'],
  headers: { 'List-Id': '<invoices.example.com>' },
  attachments: [
    { filename: 'invoice.pdf', contentType: 'application/pdf', base64: Buffer.from('%PDF').toString('base64') },
  ],
};

type Json = Readonly<Record<string, unknown>>;

/** The body of the request that a provider makes of a message. */
async function requested(name: string, changes: Parameters<typeof outgoing>[0]): Promise<Json> {
  const api = emailApiNamed(name);
  const service = await api.start();
  const provider = api.provider(service.url);
  const { delivery } = await provider.send(outgoing(changes), signal);
  await provider.close();
  await service.stop();
  expect(delivery.outcome).toBe('sent');
  return JSON.parse(service.received[0]?.body ?? '{}') as Json;
}

const ID = '7f0b5c1e-6a30-4a5e-9a55-0d2c2ff1a001';
const ONE_CLICK = {
  'X-Sojourn-Journey': 'onboarding',
  'List-Unsubscribe': '<https://app.example.com/u/token>',
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
};

test('Postmark gets every field under its name', async () => {
  expect(await requested('postmark', { id: ID, content })).toEqual({
    From: content.from,
    To: 'ada@example.com',
    Cc: 'accounts@example.com',
    ReplyTo: 'support@example.com, Eve <eve@example.com>',
    Subject: 'Your invoice',
    HtmlBody: '<p>Hello</p>',
    TextBody: 'Hello',
    Tag: 'onboarding',
    Metadata: { sojourn_message_id: ID },
    Headers: Object.entries({
      ...{ 'Message-ID': `<${ID}@app.example.com>`, 'X-PM-KeepID': 'true', ...ONE_CLICK, ...content.headers },
    }).map(([Name, Value]) => ({ Name, Value })),
    Attachments: [{ Name: 'invoice.pdf', Content: 'JVBERg==', ContentType: 'application/pdf' }],
  });
});

test('SendGrid gets every field under its name', async () => {
  expect(await requested('sendgrid', { id: ID, content })).toEqual({
    personalizations: [{ to: [{ email: 'ada@example.com' }], cc: [{ email: 'accounts@example.com' }] }],
    from: { email: 'billing@example.com', name: 'Grüße' },
    reply_to_list: [{ email: 'support@example.com' }, { email: 'eve@example.com', name: 'Eve' }],
    subject: 'Your invoice',
    content: [
      { type: 'text/plain', value: 'Hello' },
      { type: 'text/html', value: '<p>Hello</p>' },
    ],
    headers: { 'Message-ID': `<${ID}@app.example.com>`, ...ONE_CLICK, ...content.headers },
    custom_args: { sojourn_message_id: ID },
    categories: ['onboarding'],
    attachments: [{ content: 'JVBERg==', filename: 'invoice.pdf', type: 'application/pdf', disposition: 'attachment' }],
  });
});

test('SendGrid gets no copy for the person it sends to', async () => {
  const mail = await requested('sendgrid', { content: { ...content, cc: ['Ada <ADA@example.com>'] } });
  expect(mail['personalizations']).toEqual([{ to: [{ email: 'ada@example.com' }] }]);
});

test('Resend gets every field under its name', async () => {
  expect(await requested('resend', { id: ID, content })).toEqual({
    from: content.from,
    to: ['ada@example.com'],
    cc: ['accounts@example.com'],
    reply_to: content.replyTo,
    subject: 'Your invoice',
    html: '<p>Hello</p>',
    text: 'Hello',
    headers: { 'Message-ID': `<${ID}@app.example.com>`, ...ONE_CLICK, ...content.headers },
    tags: [{ name: 'sojourn_message_id', value: ID }],
    attachments: [{ filename: 'invoice.pdf', content: 'JVBERg==', content_type: 'application/pdf' }],
  });
});

const asParsed = {
  subject: 'Your invoice',
  from: { value: [{ name: 'Grüße', address: 'billing@example.com' }] },
  to: { text: 'ada@example.com' },
  cc: { text: 'accounts@example.com' },
  replyTo: { text: expect.stringMatching(/support@example\.com.*eve@example\.com/) },
  text: expect.stringContaining('Hello'),
  attachments: [{ filename: 'invoice.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }],
};

test('SES gets a whole MIME message, with the copies in its destination', async () => {
  const { Destination, Content, EmailTags } = await requested('ses', { id: ID, content });
  expect(Destination).toEqual({ ToAddresses: ['ada@example.com'], CcAddresses: ['accounts@example.com'] });
  expect(EmailTags).toEqual([{ Name: 'sojourn_message_id', Value: ID }]);
  const { Data } = (Content as { Raw: { Data: string } }).Raw;
  const mail = await simpleParser(Buffer.from(Data, 'base64'));
  expect(mail).toMatchObject(asParsed);
  const lines = mail.headerLines.map(({ line }) => line.replace(/\r\n\s+/g, ' '));
  expect(lines).toEqual(
    expect.arrayContaining([
      ...Object.entries(ONE_CLICK).map(([name, value]) => `${name}: ${value}`),
      'List-ID: <invoices.example.com>',
    ]),
  );
});

test('a mail server gets every field', async () => {
  const server = await startSmtp();
  const provider = smtp({ url: server.url, from: 'hello@example.com', hostname: 'app.example.com' });
  await provider.send(outgoing({ content }), signal);
  await provider.close();
  await server.stop();
  expect(server.messages[0]?.mail).toMatchObject(asParsed);
});

test.each(EMAIL_APIS.map(({ name }) => name))(
  '%s gets no unsubscribe header with a transactional message',
  async (name) => {
    const body = JSON.stringify(await requested(name, { transactional: true }));
    const said = name === 'ses' ? Buffer.from((JSON.parse(body) as Ses).Content.Raw.Data, 'base64').toString() : body;
    expect(said).not.toContain('List-Unsubscribe');
    expect(said).toContain('X-Sojourn-Journey');
  },
);
interface Ses {
  readonly Content: { readonly Raw: { readonly Data: string } };
}

test('an address that Postmark keeps as inactive is dead', async () => {
  const api = emailApiNamed('postmark');
  const service = await api.start();
  const provider = api.provider(service.url);
  expect((await provider.send(outgoing({ to: INACTIVE }), signal)).delivery).toMatchObject({
    ...{ outcome: 'suppressed', cause: 'bounced', deadAddress: INACTIVE },
  });
  const unconfirmed = { ...content, from: 'unconfirmed@example.com' };
  expect((await provider.send(outgoing({ content: unconfirmed }), signal)).delivery).toMatchObject({
    ...{ outcome: 'retry', code: 'postmark 422 401' },
  });
  await provider.close();
  await service.stop();
});

test('Resend sends once, however often it is asked, and whatever became of the text', async () => {
  const service = await startResend();
  const provider = emailApiNamed('resend').provider(service.url);
  const message = outgoing();
  const changed = { ...message, content: { ...message.content, subject: 'Welcome, Ada' } };
  const outcomes = [];
  for (const one of [message, message, changed]) outcomes.push((await provider.send(one, signal)).delivery);
  expect(outcomes).toEqual([
    { outcome: 'sent', providerId: expect.any(String) },
    outcomes[0],
    { outcome: 'sent', providerId: null },
  ]);
  expect(service.sent()).toBe(1);
  await provider.close();
  await service.stop();
});

test('a sender that SES has not verified is tried again', async () => {
  const api = emailApiNamed('ses');
  const service = await api.start();
  const provider = api.provider(service.url);
  const unverified = { ...content, from: 'unverified@example.com' };
  expect((await provider.send(outgoing({ content: unverified }), signal)).delivery).toMatchObject({
    ...{ outcome: 'retry', code: 'ses MessageRejected' },
  });
  await provider.close();
  await service.stop();
});

test('the end of a limit that SendGrid tells is waited for', async () => {
  const api = emailApiNamed('sendgrid');
  const service = await api.start();
  const provider = api.provider(service.url);
  service.misbehave({ status: 429, headers: { 'X-RateLimit-Reset': String(Math.ceil(Date.now() / 1_000) + 60) } });
  const { delivery } = await provider.send(outgoing(), signal);
  const { afterMs = 0 } = delivery as { afterMs?: number };
  expect(afterMs).toBeGreaterThan(30_000);
  expect(afterMs).toBeLessThanOrEqual(61_000);
  await provider.close();
  await service.stop();
});

test('a person whom a mail server refuses has not got the message, even if it takes the copy', async () => {
  const server = new SMTPServer({
    ...{ disabledCommands: ['AUTH', 'STARTTLS'] },
    onRcptTo({ address }, _session, done) {
      const unknown = Object.assign(new Error('5.1.1 unknown'), { responseCode: 550 });
      done(address === 'ada@example.com' ? unknown : null);
    },
    onData(stream, _session, done) {
      stream.resume().on('end', () => done());
    },
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const provider = smtp({ url: `smtp://127.0.0.1:${port}`, from: 'hello@example.com', hostname: 'app.example.com' });
  expect((await provider.send(outgoing({ content }), signal)).delivery).toMatchObject({
    ...{ outcome: 'suppressed', deadAddress: 'ada@example.com' },
  });
  await provider.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});
