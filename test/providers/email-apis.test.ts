import type { Provider } from '../../activities/providers/provider';
import type { EmailContent } from '../../activities/templates/content';
import { freePort } from '../../dev/port';
import type { FakeService } from '../fakes/service';
import { EMAIL_APIS, outgoing } from './email-apis';
import { withheld } from './withheld';

const unhurried = (): AbortSignal => new AbortController().signal;

describe.each(EMAIL_APIS.map((api) => [api.name, api] as const))('%s', (name, api) => {
  let service: FakeService;
  const opened: Provider<EmailContent>[] = [];
  const open = (provider: Provider<EmailContent>): Provider<EmailContent> => {
    opened.push(provider);
    return provider;
  };
  const provider = (timeoutMs?: number): Provider<EmailContent> => open(api.provider(service.url, timeoutMs));

  beforeEach(async () => {
    service = await api.start();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await service.stop();
  });

  test('takes a message and tells its own id of it', async () => {
    const { delivery, mayBeTaken } = await provider().send(outgoing(), unhurried());
    expect({ delivery, mayBeTaken }).toEqual({
      delivery: { outcome: 'sent', providerId: expect.stringMatching(/^[\w-]{16,}$/) },
      mayBeTaken: true,
    });
  });

  test('gets our message id, so that receipts name it', async () => {
    const message = outgoing();
    await provider().send(message, unhurried());
    const { body, headers } = service.received[0] ?? { body: '', headers: {} };
    expect(body).toContain('sojourn_message_id');
    expect(`${body}${JSON.stringify(headers)}`).toContain(message.id);
  });

  test('refuses a message that it can never send, for good', async () => {
    const { delivery, mayBeTaken } = await provider().send(outgoing({ to: 'nobody' }), unhurried());
    expect(delivery).toMatchObject({ outcome: 'suppressed', cause: 'bounced', reason: 'bounced' });
    expect(delivery).not.toHaveProperty('deadAddress');
    expect(mayBeTaken).toBe(false);
  });

  test('a wrong key is a matter of configuration: the message is tried again', async () => {
    const { delivery } = await open(api.locked(service.url)).send(outgoing(), unhurried());
    expect(delivery).toMatchObject({ outcome: 'retry', code: expect.stringMatching(new RegExp(`^${name} `)) });
  });

  test('the pause that 429 asks for is kept', async () => {
    service.misbehave({ status: 429, headers: { 'Retry-After': '17' } });
    expect(await provider().send(outgoing(), unhurried())).toMatchObject({
      delivery: { outcome: 'retry', code: `${name} 429`, afterMs: 17_000 },
      mayBeTaken: false,
    });
  });

  test('an error of the provider is tried again', async () => {
    service.misbehave({ status: 500, body: 'Internal Server Error' });
    const { delivery, mayBeTaken } = await provider().send(outgoing(), unhurried());
    expect(delivery).toEqual({ outcome: 'retry', code: `${name} 500`, detail: '500 Internal Server Error' });
    expect(mayBeTaken).toBe(false);
  });

  test('an answer that is no JSON is no success', async () => {
    service.misbehave({ status: 302, headers: { Location: 'https://example.com/' }, body: '<html>' });
    expect(await provider().send(outgoing(), unhurried())).toMatchObject({ delivery: { outcome: 'retry' } });
    expect(service.received).toHaveLength(1);
  });

  test('a connection that closes without an answer may have taken the message', async () => {
    service.misbehave('closes');
    expect(await provider().send(outgoing(), unhurried())).toMatchObject({
      delivery: { outcome: 'retry', code: 'ECONNRESET' },
      mayBeTaken: true,
    });
  });

  test('a provider that hangs runs into the timeout, and may have taken the message', async () => {
    service.misbehave('hangs');
    expect(await provider(300).send(outgoing(), unhurried())).toMatchObject({
      delivery: { outcome: 'retry', code: 'ETIMEDOUT' },
      mayBeTaken: true,
    });
  });

  test('an unreachable provider has taken nothing', async () => {
    const gone = open(api.provider(`http://127.0.0.1:${await freePort()}`));
    expect(await gone.send(outgoing(), unhurried())).toMatchObject({
      delivery: { outcome: 'retry', code: 'ECONNREFUSED' },
      mayBeTaken: false,
    });
  });

  test('an aborted attempt sends nothing', async () => {
    expect(await provider().send(outgoing(), AbortSignal.abort())).toMatchObject({
      delivery: { outcome: 'retry', code: 'EABORT' },
      mayBeTaken: false,
    });
    expect(service.received).toHaveLength(0);
  });

  test('a message that may no longer be sent when the connection is open does not leave', async () => {
    const sending = provider().send(outgoing({ confirm: withheld }), unhurried());
    await expect(sending).rejects.toMatchObject({ code: 'WITHHELD' });
    expect(service.received).toHaveLength(0);
  });

  test('a repeated attempt has the same id, and no two messages share one', async () => {
    const [message, another] = [outgoing(), outgoing()];
    const sending = provider();
    for (const one of [message, message, another])
      expect((await sending.send(one, unhurried())).delivery.outcome).toBe('sent');
    const naming = (id: string): number =>
      service.received.filter(({ body, headers }) => `${body}${JSON.stringify(headers)}`.includes(id)).length;
    expect([naming(message.id), naming(another.id)]).toEqual([2, 1]);
  });
});
