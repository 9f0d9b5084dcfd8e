import { phoneNumber } from '../../engine/model/phone';
import { unreachableReason } from '../../engine/model/reach';
import type { MessageReferences } from '../../store/message-references';
import type { Provider } from '../providers/provider';
import type { Contents } from '../templates/load';
import { flawsOfSms } from '../templates/phone-content';
import type { Channel, Delivery } from './channel';
import { handOver } from './hand-over';
import { rendered, type Rendering } from './rendered';

/** The channels that reach a person by their phone number. */
type PhoneChannel = 'sms' | 'voice' | 'whatsApp';

/** Those by which the person can answer. */
const ANSWERED: readonly PhoneChannel[] = ['sms', 'whatsApp'];

/** Options of a channel that reaches a person by their phone number. */
export interface PhoneOptions<Name extends PhoneChannel> extends Rendering {
  /** The providers, in the order to try. */
  readonly providers: readonly Provider<Contents[Name]>[];
  readonly references: MessageReferences;
}

/** Creates the SMS channel. A text that takes more segments than its template allows is not sent: a cut could go through a link. */
export function smsChannel(options: PhoneOptions<'sms'>): Channel {
  return phoneChannel('sms', options, flawsOfSms);
}

/** Creates the channel of voice calls. */
export function voiceChannel(options: PhoneOptions<'voice'>): Channel {
  return phoneChannel('voice', options);
}

/** Creates the WhatsApp channel. */
export function whatsAppChannel(options: PhoneOptions<'whatsApp'>): Channel {
  return phoneChannel('whatsApp', options);
}

/**
 * A channel that reaches a person by their phone number. It remembers which message went to a number, by the number's hash:
 * a reply says only where it comes from.
 * @param flaws finds content that must not be sent; one sentence for each problem
 */
function phoneChannel<Name extends PhoneChannel>(
  name: Name,
  { providers, references, ...rendering }: PhoneOptions<Name>,
  flaws: (content: Contents[Name]) => readonly string[] = () => [],
): Channel {
  return {
    name,
    async deliver(envelope, signal) {
      const { traits } = envelope.user;
      const to = phoneNumber(traits);
      if (to === null) return { outcome: 'suppressed', cause: 'address', reason: unreachableReason(traits, name) };
      return rendered(rendering, name, envelope, async (content, links) => {
        const [flaw] = flaws(content as Contents[Name]);
        if (flaw !== undefined)
          return { outcome: 'suppressed', cause: 'template', reason: 'template error', detail: flaw };
        // Before the message goes out, as a stop must be understood even if this process dies right after.
        if (ANSWERED.includes(name)) await references.add(envelope.id, { source: name, reference: to });
        const delivery = await handOver(providers, envelope, { to, content: content as Contents[Name], links }, signal);
        return asWritten(delivery, traits['phone']);
      });
    },
    async close() {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}

/** A dead number as it stands in the traits: that is how it is looked up. */
function asWritten(delivery: Delivery, phone: unknown): Delivery {
  if (delivery.outcome !== 'suppressed' || delivery.deadAddress === undefined || typeof phone !== 'string')
    return delivery;
  return { ...delivery, deadAddress: phone };
}
