import { smsChannel, voiceChannel } from '../../activities/channels/phone';
import { guarded } from '../../activities/providers/guarded';
import { twilioSms, twilioVoice } from '../../activities/providers/twilio';
import { createReferences } from '../../store/message-references';
import { callStatus, messageStatus, startFakeTwilio, TWILIO_ACCOUNT, twilioHook } from '../../test/fakes/twilio';
import { TEXT, type BenchProvider } from './provider';

const NUMBER = '+15550006666';

type Report = ReturnType<NonNullable<BenchProvider['report']>>;

/** Starts Twilio on this machine, for texts. */
export async function twilioSmsHere(): Promise<BenchProvider> {
  const fake = await startFakeTwilio();
  return {
    channel: 'sms',
    fake,
    ours: (rendering, { pool }) => {
      const provider = guarded(twilioSms(optionsFor(fake.url, rendering.publicUrl)), { channel: 'sms', weight: 1 });
      return smsChannel({ ...rendering, references: createReferences(pool), providers: [provider] });
    },
    plain: ({ phone }) => plainRequest('Messages', { To: phone, From: NUMBER, Body: TEXT.text }),
    report: (publicUrl, messageId) =>
      reported(publicUrl, messageId, messageStatus({ sid: 'SM1', kind: 'message', fields: NUMBERS }, 'delivered')),
  };
}

/** Starts Twilio on this machine, for calls. A completed call counts as delivered. */
export async function twilioVoiceHere(): Promise<BenchProvider> {
  const fake = await startFakeTwilio();
  return {
    channel: 'voice',
    fake,
    ours: (rendering, { pool }) => {
      const provider = guarded(twilioVoice(optionsFor(fake.url, rendering.publicUrl)), { channel: 'voice', weight: 1 });
      return voiceChannel({ ...rendering, references: createReferences(pool), providers: [provider] });
    },
    plain: ({ phone }) =>
      plainRequest('Calls', { To: phone, From: NUMBER, Twiml: `<Response><Say>${TEXT.text}</Say></Response>` }),
    report: (publicUrl, messageId) =>
      reported(publicUrl, messageId, callStatus({ sid: 'CA1', kind: 'call', fields: NUMBERS }, 'completed')),
  };
}

const NUMBERS = { From: NUMBER } as const;

function optionsFor(url: string, publicUrl: string): Parameters<typeof twilioSms>[0] {
  const { accountSid, authToken } = TWILIO_ACCOUNT;
  return { from: NUMBER, accountSid, authToken, url, publicUrl };
}

function plainRequest(
  resource: 'Messages' | 'Calls',
  fields: Readonly<Record<string, string>>,
): ReturnType<BenchProvider['plain']> {
  const { accountSid, authToken } = TWILIO_ACCOUNT;
  return {
    path: `/2010-04-01/Accounts/${accountSid}/${resource}.json`,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
    },
    body: new URLSearchParams(fields).toString(),
  };
}

function reported(publicUrl: string, messageId: string, fields: Readonly<Record<string, string>>): Report {
  const path = `/v1/receipts/twilio?message=${messageId}`;
  const { headers, body } = twilioHook(publicUrl + path, fields);
  return { path, headers, body: Buffer.from(body) };
}
