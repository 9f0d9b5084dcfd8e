import { createServer, type AddressInfo } from 'node:net';
import type { Channel } from '../../activities/channels/channel';
import { emailChannel } from '../../activities/channels/email';
import { smtp } from '../../activities/providers/smtp';
import type { Templates } from '../../activities/templates/load';
import { verifyUnsubscribe } from '../../config/tokens';
import { freePort } from '../../dev/port';
import { startSmtp, type TestSmtp } from '../support/smtp';
import { until } from '../support/until';
import { context, envelope, mjml, templatesOf, unhurried } from './fixture';
import { strictSmtp, type SmtpStage, type StrictSmtp } from './strict-smtp';

const secret = 'a secret of the tests, long enough to be one';

let templates: Templates;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  templates = await templatesOf({
    'onboarding/templates/welcome.email.mjml': mjml(
      'Hello {{ user.traits.firstName }}. <a href="{{ links.unsubscribe }}">Unsubscribe</a>',
      'subject: Welcome, {{ user.traits.firstName }}',
    ),
    'onboarding/templates/broken.email.mjml': mjml('{% if %}'),
  });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function channel(smtpUrl: string, smtpFallbackUrl: string | null = null): Channel {
  const mailFrom = 'Sojourn <hello@example.com>';
  const servers = [smtpUrl, ...(smtpFallbackUrl === null ? [] : [smtpFallbackUrl])];
  const providers = servers.map((url) => smtp({ url, from: mailFrom, hostname: 'app.example.com' }));
  const email = emailChannel({ providers, publicUrl: 'https://app.example.com', secret, templates });
  cleanups.push(() => email.close());
  return email;
}

async function mailbox(): Promise<{ smtp: TestSmtp; email: Channel }> {
  const smtp = await startSmtp();
  cleanups.push(() => smtp.stop());
  return { smtp, email: channel(smtp.url) };
}

async function objecting(stage: SmtpStage, code: number | 'silence'): Promise<{ smtp: StrictSmtp; email: Channel }> {
  const smtp = await strictSmtp(stage, code);
  cleanups.push(() => smtp.stop());
  return { smtp, email: channel(smtp.url) };
}

const withEmail = (email: string) => envelope({ user: { ...context.user, traits: { email } } });

test('a message arrives with HTML, text and its headers', async () => {
  const { smtp, email } = await mailbox();
  const message = envelope();
  expect(await email.deliver(message, unhurried())).toMatchObject({ outcome: 'sent' });
  const [received] = smtp.messages;
  expect(received?.mail).toMatchObject({
    subject: 'Welcome, Ada',
    from: { text: '"Sojourn" <hello@example.com>' },
    to: { text: 'ada@example.com' },
    messageId: `<${message.id}@app.example.com>`,
    html: expect.stringContaining('Hello Ada.'),
    text: expect.stringMatching(/^Hello Ada\. Unsubscribe \(https:\/\/app\.example\.com\/u\//),
    date: expect.any(Date),
  });
  expect(received?.mail.headers.get('x-sojourn-journey')).toBe('onboarding');
});

test('the one-click unsubscribe header holds a signed link for this user and channel', async () => {
  const { smtp, email } = await mailbox();
  const message = envelope();
  await email.deliver(message, unhurried());
  const lines = smtp.messages[0]?.mail.headerLines.map(({ line }) => line.replace(/\r\n\s+/g, ' ')) ?? [];
  expect(lines).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  const [, token = ''] = /^List-Unsubscribe: <https:\/\/app\.example\.com\/u\/(\S+)>$/m.exec(lines.join('\n')) ?? [];
  expect(await verifyUnsubscribe(secret, token)).toEqual({
    userId: 'u1',
    channel: 'email',
    messageId: message.id,
    topic: null,
  });
});

test('a transactional message has no unsubscribe header', async () => {
  const { smtp, email } = await mailbox();
  await email.deliver(envelope({ transactional: true }), unhurried());
  expect(smtp.messages[0]?.mail.headers.has('list')).toBe(false);
});

test('a repeated attempt has the same Message-ID', async () => {
  const { smtp, email } = await mailbox();
  const message = envelope();
  await email.deliver(message, unhurried());
  await email.deliver(message, unhurried());
  const [first, second] = smtp.messages.map(({ messageId, mail }) => ({ messageId, text: mail.text }));
  expect(second).toEqual(first);
});

test.each([
  undefined,
  '',
  'ada',
  'ada@',
  'a@b@c',
  'ada@example.com\r\nBcc: all@example.com',
  'ada <ada@example.com>',
  'ada,eve@example.com',
  'ada@xn--',
  'ada@exa\u0001mple.com',
  `${'a'.repeat(65)}@example.com`,
  5,
])('without an address, such as %p, the message is suppressed', async (address) => {
  const { smtp, email } = await mailbox();
  const traits = address === undefined ? {} : { email: address };
  const outcome = await email.deliver(envelope({ user: { ...context.user, traits } }), unhurried());
  const reason: unknown = address ? expect.stringMatching(/^unreadable address: /) : 'no address';
  expect(outcome).toMatchObject({ outcome: 'suppressed', cause: 'address', reason });
  expect(smtp.messages).toHaveLength(0);
});

test('an address can be in any script', async () => {
  const { smtp, email } = await mailbox();
  await email.deliver(withEmail('ada@müller.example'), unhurried());
  expect(smtp.messages.map(({ to }) => to)).toEqual(['ada@müller.example']);
});

test.each(['x', 'é', '👩‍👩‍👧'])(
  'no line of the header is longer than 998 octets, however long the subject (%s)',
  async (part) => {
    const { smtp, email } = await mailbox();
    const traits = { email: 'ada@example.com', firstName: part.repeat(2_000) };
    expect(await email.deliver(envelope({ user: { ...context.user, traits } }), unhurried())).toMatchObject({
      outcome: 'sent',
    });
    const [received] = smtp.messages;
    const lines = received?.mail.headerLines.flatMap(({ line }) => line.split(/\r?\n/)) ?? [];
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(998);
    const subject = received?.mail.subject ?? '';
    expect(subject).toMatch(/^Welcome, .*…$/);
    expect(subject.slice('Welcome, '.length, -1).replaceAll(part, '')).toBe('');
  },
);

test.each(['broken', 'missing'])('a %s template suppresses the message', async (template) => {
  const { smtp, email } = await mailbox();
  expect(await email.deliver(envelope({ template }), unhurried())).toMatchObject({
    outcome: 'suppressed',
    cause: 'template',
    reason: 'template error',
  });
  expect(smtp.messages).toHaveLength(0);
});

test.each([
  ['RCPT TO', 550],
  ['RCPT TO', 553],
  ['DATA', 554],
] as const)('a permanent refusal at %s (%i) is a bounce', async (stage, code) => {
  const { email } = await objecting(stage, code);
  expect(await email.deliver(envelope(), unhurried())).toMatchObject({
    outcome: 'suppressed',
    cause: 'bounced',
    reason: 'bounced',
    detail: expect.stringContaining(String(code)),
  });
});

test.each([
  ['greeting', 421],
  ['greeting', 554],
  ['AUTH', 535],
  ['MAIL FROM', 550],
  ['RCPT TO', 451],
  ['RCPT TO', 530],
  ['DATA', 451],
] as const)('a refusal at %s (%i) that may pass or be mended is retried', async (stage, code) => {
  const { email } = await objecting(stage, code);
  expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', code: `smtp ${code}` });
});

test('after a refusal the next message goes through', async () => {
  const { smtp, email } = await mailbox();
  smtp.behave({ kind: 'refuse', code: 451 });
  expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', code: 'smtp 451' });
  smtp.behave({ kind: 'accept' });
  expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
});

test('an unreachable server means a retry', async () => {
  const email = channel(`smtp://127.0.0.1:${await freePort()}`);
  expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', code: 'ESOCKET' });
});

test('a server that hangs up is tried once more; further attempts are up to the caller', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
  const email = channel(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', code: 'ECONNECTION' });
  expect(connections).toBe(2);
});

test('a connection closed after DATA is retried by the caller, not by the channel', async () => {
  const { smtp, email } = await mailbox();
  smtp.behave({ kind: 'close after DATA' });
  expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', code: 'ECONNECTION' });
  expect(smtp.messages).toHaveLength(1);
});

test('an aborted attempt closes its connection and leaves the others alone', async () => {
  const { smtp, email } = await objecting('DATA', 'silence');
  const [hurried, patient] = [new AbortController(), new AbortController()];
  const attempts = [email.deliver(envelope(), hurried.signal), email.deliver(envelope(), patient.signal)];
  await until('both messages are read', () => smtp.messages() === 2);
  hurried.abort();
  expect(await attempts[0]).toMatchObject({ outcome: 'retry', code: 'EABORT' });
  await until('one connection is closed', () => smtp.connections() === 1);
  patient.abort();
  await attempts[1];
  await until('no connection is left', () => smtp.connections() === 0);
});

test('an attempt aborted before it began sends nothing', async () => {
  const { smtp, email } = await mailbox();
  expect(await email.deliver(envelope(), AbortSignal.abort())).toMatchObject({ outcome: 'retry', code: 'EABORT' });
  expect(smtp.messages).toHaveLength(0);
});

/** The question of a message: whether it may be sent, answered in turn by these functions. */
function asked(...answers: readonly (() => void)[]): { confirm(): Promise<void>; times(): number } {
  let times = 0;
  return {
    confirm: async () => answers[times++]?.(),
    times: () => times,
  };
}

const refuse = (): never => {
  throw Object.assign(new Error('not any more'), { code: 'WITHHELD' });
};

test('a message that may no longer be sent when the server is ready for it is not handed over', async () => {
  const { smtp, email } = await mailbox();
  const { confirm } = asked(refuse);
  expect(await email.deliver(envelope({ confirm }), unhurried())).toMatchObject({ outcome: 'retry' });
  expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
  expect(smtp.messages).toHaveLength(1);
});

test('a message is asked about again before the bytes that complete it', async () => {
  const { smtp, email } = await mailbox();
  const { confirm, times } = asked(() => undefined, refuse);
  expect(await email.deliver(envelope({ confirm }), unhurried())).toMatchObject({ outcome: 'retry' });
  expect(times()).toBe(2);
  expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
  expect(smtp.messages).toHaveLength(1);
});

test('messages that wait for a connection are asked about when their turn comes', async () => {
  const { smtp, email } = await mailbox();
  let mayBeSent = true;
  smtp.behave({ kind: 'silent' });
  const confirm = async (): Promise<void> => {
    if (!mayBeSent) refuse();
  };
  const attempts = Array.from({ length: 12 }, () => email.deliver(envelope({ confirm }), unhurried()));
  await until('all connections wait for the server', () => smtp.messages.length === 5);
  mayBeSent = false;
  smtp.behave({ kind: 'accept' });
  smtp.answer();
  await Promise.all(attempts);
  expect(smtp.messages).toHaveLength(5);
});

test.each([
  ['RCPT TO', 550, 'ada@example.com'],
  ['RCPT TO', 551, 'ada@example.com'],
  ['RCPT TO', 552, undefined],
  ['RCPT TO', 554, undefined],
  ['DATA', 550, undefined],
] as const)('a refusal at %s with %i says of the address: %s', async (stage, code, deadAddress) => {
  const { email } = await objecting(stage, code);
  const outcome = await email.deliver(envelope(), unhurried());
  expect(outcome).toMatchObject({ outcome: 'suppressed', cause: 'bounced' });
  expect('deadAddress' in outcome ? outcome.deadAddress : undefined).toBe(deadAddress);
});

describe('with a fallback', () => {
  async function withFallback(smtpUrl: string): Promise<{ fallback: TestSmtp; email: Channel }> {
    const fallback = await startSmtp();
    cleanups.push(() => fallback.stop());
    return { fallback, email: channel(smtpUrl, fallback.url) };
  }

  test('a message that the first server takes does not reach the other', async () => {
    const { smtp } = await mailbox();
    const { fallback, email } = await withFallback(smtp.url);
    expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
    expect([smtp.messages.length, fallback.messages.length]).toEqual([1, 0]);
  });

  test('a message goes to the other server in the same attempt if the first is unreachable', async () => {
    const { fallback, email } = await withFallback(`smtp://127.0.0.1:${await freePort()}`);
    const message = envelope();
    expect(await email.deliver(message, unhurried())).toMatchObject({ outcome: 'sent' });
    expect(fallback.messages.map(({ mail }) => mail.messageId)).toEqual([`<${message.id}@app.example.com>`]);
  });

  test.each([
    ['greeting', 421],
    ['AUTH', 535],
    ['MAIL FROM', 550],
    ['DATA', 451],
  ] as const)('a message goes to the other server if the first refuses at %s with %i', async (stage, code) => {
    const { smtp } = await objecting(stage, code);
    const { fallback, email } = await withFallback(smtp.url);
    expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'sent' });
    expect(fallback.messages).toHaveLength(1);
  });

  test('a bounce is one, whatever the other server would say', async () => {
    const { smtp } = await objecting('RCPT TO', 550);
    const { fallback, email } = await withFallback(smtp.url);
    expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'suppressed', cause: 'bounced' });
    expect(fallback.messages).toHaveLength(0);
  });

  test('a message that the first server may have taken does not go to the other', async () => {
    const { smtp } = await mailbox();
    smtp.behave({ kind: 'close after DATA' });
    const { fallback, email } = await withFallback(smtp.url);
    expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', code: 'ECONNECTION' });
    expect([smtp.messages.length, fallback.messages.length]).toEqual([1, 0]);
  });

  test('a message that may no longer be sent reaches neither', async () => {
    const { smtp } = await mailbox();
    const { fallback, email } = await withFallback(smtp.url);
    const confirm = async (): Promise<void> => refuse();
    expect(await email.deliver(envelope({ confirm }), unhurried())).toMatchObject({ outcome: 'retry' });
    expect([smtp.messages.length, fallback.messages.length]).toEqual([0, 0]);
  });

  test('if neither can take it, the message is tried again later', async () => {
    const email = channel(`smtp://127.0.0.1:${await freePort()}`, `smtp://127.0.0.1:${await freePort()}`);
    expect(await email.deliver(envelope(), unhurried())).toMatchObject({ outcome: 'retry', code: 'ESOCKET' });
  });
});
