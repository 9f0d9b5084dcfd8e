import type { Outgoing } from '../../activities/providers/provider';
import { twilioSms, twilioVoice, twilioWhatsApp } from '../../activities/providers/twilio';
import type { SmsContent } from '../../activities/templates/phone-content';
import { startFakeTwilio, twilioError, TWILIO_ACCOUNT, type FakeTwilio } from '../fakes/twilio';
import { outgoing } from './outgoing';
import { withheld } from './withheld';

const NUMBER = '+491711234567';
const SERVICE = `MG${'a'.repeat(32)}`;
const never = new AbortController().signal;

let fake: FakeTwilio;
const account = (): typeof TWILIO_ACCOUNT & { publicUrl: string; url: string } => ({
  ...TWILIO_ACCOUNT,
  publicUrl: 'https://sojourn.example',
  url: fake.url,
});

beforeEach(async () => {
  fake = await startFakeTwilio();
});
afterEach(() => fake.stop());

describe('SMS by Twilio', () => {
  const sms = (changes: Partial<Outgoing<SmsContent>> = {}, to = NUMBER): Outgoing<SmsContent> =>
    outgoing(to, { text: 'Gate B12 now' }, changes);
  const provider = (from = '+15550006666') => {
    const made = twilioSms({ ...account(), from });
    closing.push(made);
    return made;
  };
  const closing: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((one) => one.close()));
  });

  it('hands the text over, with an address for receipts that names the message, and for as long as it is worth sending', async () => {
    const { delivery, mayBeTaken } = await provider().send(sms(), never);
    expect(delivery).toEqual({ outcome: 'sent', providerId: fake.taken[0]?.sid });
    expect(mayBeTaken).toBe(true);
    expect(fake.taken[0]?.fields).toEqual({
      To: NUMBER,
      From: '+15550006666',
      Body: 'Gate B12 now',
      ValidityPeriod: '3600',
      StatusCallback: 'https://sojourn.example/v1/receipts/twilio?message=0b0e9a5e-6f0c-5d0e-9d7e-0f6f4b1c2d3e',
    });
  });

  it('chooses the sender by the country of the recipient', async () => {
    const chosen = provider(`${SERVICE}, DE=Sojourn`);
    await chosen.send(sms(), never);
    await chosen.send(sms({}, '+14155552671'), never);
    expect(fake.taken.map(({ fields }) => [fields['From'], fields['MessagingServiceSid']])).toEqual([
      ['Sojourn', undefined],
      [undefined, SERVICE],
    ]);
  });

  it.each([
    ['', 'expected one sender'],
    ['DE=Sojourn', 'expected one sender'],
    ['+15550006666, +15550007777', 'expected one sender'],
    ['+15550006666, Germany=Sojourn', "'Germany' is no country"],
  ])('refuses %j as senders', (from, problem) => {
    expect(() => twilioSms({ ...account(), from })).toThrow(problem);
  });

  it('asks for no receipts where Twilio could not bring them', async () => {
    const local = twilioSms({ ...account(), publicUrl: 'http://localhost:3000', from: '+15550006666' });
    await local.send(sms(), never);
    await local.close();
    expect(fake.taken[0]?.fields).not.toHaveProperty('StatusCallback');
  });

  it.each([
    [21211, { outcome: 'suppressed', cause: 'bounced', deadAddress: NUMBER }],
    [21614, { outcome: 'suppressed', cause: 'bounced', deadAddress: NUMBER }],
    [21610, { outcome: 'suppressed', cause: 'consent', reason: 'unsubscribed at Twilio' }],
    [21617, { outcome: 'suppressed', cause: 'template', reason: 'template error' }],
    [21408, { outcome: 'retry', code: 'twilio 21408' }],
    [21606, { outcome: 'retry', code: 'twilio 21606' }],
  ])('understands the error %i', async (code, expected) => {
    fake.misbehave(twilioError(400, code, 'as Twilio says'));
    const { delivery, mayBeTaken } = await provider().send(sms(), never);
    expect(delivery).toMatchObject({ ...expected, detail: 'as Twilio says' });
    expect(mayBeTaken).toBe(false);
  });

  it('tries again when the token is wrong, which someone can mend', async () => {
    const wrong = twilioSms({ ...account(), authToken: 'another', from: '+15550006666' });
    const { delivery } = await wrong.send(sms(), never);
    await wrong.close();
    expect(delivery).toMatchObject({ outcome: 'retry', code: 'twilio 20003' });
  });

  it('keeps the pause that Twilio asks for', async () => {
    fake.misbehave({ ...twilioError(429, 20429, 'Too Many Requests'), headers: { 'retry-after': '7' } });
    const { delivery } = await provider().send(sms(), never);
    expect(delivery).toMatchObject({ outcome: 'retry', code: 'twilio 20429', afterMs: 7_000 });
  });

  it.each([
    [{ status: 500, body: 'upstream failed' }, 'http 500'],
    [{ status: 503, body: { code: 20503, message: 'later', status: 503 } }, 'twilio 20503'],
    [{ status: 302, headers: { location: 'http://169.254.169.254/' } }, 'http 302'],
  ])('tries again after %j, and another provider may, too', async (answer, code) => {
    fake.misbehave(answer);
    const { delivery, mayBeTaken } = await provider().send(sms(), never);
    expect(delivery).toMatchObject({ outcome: 'retry', code });
    expect(mayBeTaken).toBe(false);
    expect(fake.received).toHaveLength(1);
  });

  it('takes the message for sent when the answer is not JSON', async () => {
    fake.misbehave({ status: 201, body: '<html>' });
    const { delivery } = await provider().send(sms(), never);
    expect(delivery).toEqual({ outcome: 'sent', providerId: null });
  });

  it('says that Twilio may have the message when the connection closes without an answer', async () => {
    fake.misbehave('closes');
    const { delivery, mayBeTaken } = await provider().send(sms(), never);
    expect(delivery).toMatchObject({ outcome: 'retry', code: 'ECONNRESET' });
    expect(mayBeTaken).toBe(true);
  });

  it('says the same of an attempt that is given up while Twilio is slow', async () => {
    fake.misbehave('hangs');
    const giveUp = new AbortController();
    const sending = provider().send(sms(), giveUp.signal);
    while (fake.received.length === 0) await new Promise(setImmediate);
    giveUp.abort();
    expect(await sending).toMatchObject({ delivery: { outcome: 'retry', code: 'EABORT' }, mayBeTaken: true });
  });

  it('leaves the message to another provider when Twilio is not there', async () => {
    const { url } = fake;
    await fake.stop();
    const away = twilioSms({ ...account(), url, from: '+15550006666' });
    const { delivery, mayBeTaken } = await away.send(sms(), never);
    await away.close();
    expect(delivery).toMatchObject({ outcome: 'retry', code: 'ECONNREFUSED' });
    expect(mayBeTaken).toBe(false);
  });

  it('sends nothing when the message may not be sent any more', async () => {
    await expect(provider().send(sms({ confirm: withheld }), never)).rejects.toMatchObject({ code: 'WITHHELD' });
    expect(fake.received).toEqual([]);
  });
});

describe('calls by Twilio', () => {
  it('speak the text in the language of the template, whatever characters it has', async () => {
    const provider = twilioVoice({ ...account(), from: '+15550006666' });
    const { delivery } = await provider.send(
      outgoing(NUMBER, { say: 'Tor B12 <jetzt> & schnell', language: 'de-DE', voice: 'Polly.Vicki' }),
      never,
    );
    await provider.close();
    expect(delivery).toEqual({ outcome: 'sent', providerId: fake.taken[0]?.sid });
    expect(fake.taken[0]).toMatchObject({
      kind: 'call',
      fields: {
        To: NUMBER,
        From: '+15550006666',
        Twiml:
          '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="de-DE" voice="Polly.Vicki">Tor B12 &lt;jetzt&gt; &amp; schnell</Say></Response>',
        StatusCallbackEvent: 'completed',
      },
    });
  });
});

describe('WhatsApp by Twilio', () => {
  it('gets a template with its variables', async () => {
    const provider = twilioWhatsApp({ ...account(), from: '+15550006666' });
    const template = `HX${'b'.repeat(32)}`;
    await provider.send(outgoing(NUMBER, { template, variables: { '1': 'B12' } }), never);
    await provider.send(outgoing(NUMBER, { text: 'Gate B12' }), never);
    await provider.close();
    expect(fake.taken.map(({ fields }) => fields)).toMatchObject([
      {
        To: `whatsapp:${NUMBER}`,
        From: 'whatsapp:+15550006666',
        ContentSid: template,
        ContentVariables: '{"1":"B12"}',
      },
      { To: `whatsapp:${NUMBER}`, Body: 'Gate B12' },
    ]);
  });
});
