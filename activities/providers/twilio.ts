import type { SmsContent, VoiceContent, WhatsAppContent } from '../templates/phone-content';
import type { Provider } from './provider';
import { TwilioCalls, type TwilioAccount } from './twilio-account';
import { senderFor, sendersIn } from './twilio-senders';

/** Options of a Twilio channel. */
export interface TwilioOptions extends TwilioAccount {
  /** The senders of messages, as `sendersIn` reads them. */
  readonly from: string;
  /** Default: `twilio`. */
  readonly name?: string;
}

/** The longest time that Twilio keeps a message which it can't send yet. Seconds. */
const MAX_VALIDITY_S = 36_000;

/** SMS by Twilio's Messages API. Twilio drops a message that it can't send before it has expired. */
export function twilioSms({ from, name = 'twilio', ...account }: TwilioOptions): Provider<SmsContent> {
  const calls = new TwilioCalls(account);
  const senders = sendersIn(from);
  return {
    name,
    send: (message, signal) =>
      calls.handOver(message, signal, (client) =>
        client.messages.create({
          to: message.to,
          ...messageSender(senderFor(senders, message.to)),
          body: message.content.text,
          validityPeriod: Math.min(MAX_VALIDITY_S, Math.max(1, Math.floor(message.ttlMs / 1_000))),
          ...calls.receiptsFor(message.id),
        }),
      ),
    close: async () => calls.close(),
  };
}

/**
 * WhatsApp by Twilio's Messages API. `from` is a number that WhatsApp knows, or a messaging service that has one. A text reaches only
 * a person who has written within 24 hours: outside of that Twilio takes it and reports a failure later (63016).
 */
export function twilioWhatsApp({ from, name = 'twilio', ...account }: TwilioOptions): Provider<WhatsAppContent> {
  const calls = new TwilioCalls(account);
  const senders = sendersIn(from);
  return {
    name,
    send: (message, signal) =>
      calls.handOver(message, signal, (client) => {
        const { template, variables = {}, text } = message.content;
        return client.messages.create({
          to: `whatsapp:${message.to}`,
          ...messageSender(senderFor(senders, message.to), 'whatsapp:'),
          ...(template === undefined ? {} : { contentSid: template, contentVariables: JSON.stringify(variables) }),
          ...(text === undefined ? {} : { body: text }),
          ...calls.receiptsFor(message.id),
        });
      }),
    close: async () => calls.close(),
  };
}

/** The phone rings as long as Twilio's default of 60 seconds, which is about the time until a mailbox answers. */
const CALL_EVENTS = ['completed'];

/** Calls by Twilio's Calls API. A voice speaks the text once the person has answered. `from` is a number. */
export function twilioVoice({ from, name = 'twilio', ...account }: TwilioOptions): Provider<VoiceContent> {
  const calls = new TwilioCalls(account);
  const senders = sendersIn(from);
  return {
    name,
    send: (message, signal) =>
      calls.handOver(message, signal, async (client) => {
        const { say, language, voice } = message.content;
        // Node finds no names in this CommonJS module but the default.
        const { default: twilio } = await import('twilio');
        const spoken = new twilio.twiml.VoiceResponse();
        // The types list the languages and voices of the client's release. Twilio gets new ones more often.
        spoken.say({ ...(language && { language }), ...(voice && { voice }) } as Parameters<typeof spoken.say>[0], say);
        return client.calls.create({
          to: message.to,
          from: senderFor(senders, message.to),
          twiml: spoken.toString(),
          statusCallbackEvent: CALL_EVENTS,
          ...calls.receiptsFor(message.id),
        });
      }),
    close: async () => calls.close(),
  };
}

/** A sender as the Messages API takes it. */
function messageSender(
  sender: string,
  prefix = '',
): { readonly messagingServiceSid: string } | { readonly from: string } {
  return /^MG[0-9a-f]{32}$/.test(sender) ? { messagingServiceSid: sender } : { from: `${prefix}${sender}` };
}
