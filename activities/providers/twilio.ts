import { countryOfNumber } from '../../engine/model/phone';
import { getOwn } from '../../engine/model/own-property';
import type { SmsContent, VoiceContent, WhatsAppContent } from '../templates/phone-content';
import type { Provider } from './provider';
import { TwilioCalls, type TwilioAccount } from './twilio-account';

/**
 * Who a message comes from: a number, the id of a messaging service (`MG…`), or for SMS a name where the country allows it. By
 * country of the recipient, such as `DE`, if it is not the same for all.
 */
export type Senders = string | ({ readonly default: string } & Readonly<Record<string, string>>);

/** Options of a Twilio channel. */
export interface TwilioOptions extends TwilioAccount {
  readonly from: Senders;
  /** Default: `twilio`. */
  readonly name?: string;
}

/** The longest time that Twilio keeps a message which it can't send yet. Seconds. */
const MAX_VALIDITY_S = 36_000;

/** SMS by Twilio's Messages API. Twilio drops a message that it can't send before it has expired. */
export function twilioSms({ from, name = 'twilio', ...account }: TwilioOptions): Provider<SmsContent> {
  const calls = new TwilioCalls(account);
  return {
    name,
    send: (message, signal) =>
      calls.handOver(message, signal, (client) =>
        client.messages.create({
          to: message.to,
          ...messageSender(senderFor(from, message.to)),
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
  return {
    name,
    send: (message, signal) =>
      calls.handOver(message, signal, (client) => {
        const { template, variables = {}, text } = message.content;
        return client.messages.create({
          to: `whatsapp:${message.to}`,
          ...messageSender(senderFor(from, message.to), 'whatsapp:'),
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
  return {
    name,
    send: (message, signal) =>
      calls.handOver(message, signal, async (client) => {
        const { say, language, voice } = message.content;
        const { twiml } = await import('twilio');
        const spoken = new twiml.VoiceResponse();
        // The types list the languages and voices of the client's release. Twilio gets new ones more often.
        spoken.say({ ...(language && { language }), ...(voice && { voice }) } as Parameters<typeof spoken.say>[0], say);
        return client.calls.create({
          to: message.to,
          from: senderFor(from, message.to),
          twiml: spoken.toString(),
          statusCallbackEvent: CALL_EVENTS,
          ...calls.receiptsFor(message.id),
        });
      }),
    close: async () => calls.close(),
  };
}

/** The sender for a recipient. */
function senderFor(from: Senders, to: string): string {
  if (typeof from === 'string') return from;
  return getOwn(from, countryOfNumber(to) ?? '') ?? from.default;
}

/** A sender as the Messages API takes it. */
function messageSender(
  sender: string,
  prefix = '',
): { readonly messagingServiceSid: string } | { readonly from: string } {
  return /^MG[0-9a-f]{32}$/.test(sender) ? { messagingServiceSid: sender } : { from: `${prefix}${sender}` };
}
