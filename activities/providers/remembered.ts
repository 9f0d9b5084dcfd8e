import type { MessageReferences } from '../../store/message-references';
import type { Provider } from './provider';

/**
 * A provider whose receipts name the message only by its own id. The id is kept with the message, under the provider's name. What can't
 * be kept must not send the message again: then its receipts are not understood.
 * @param source the name under which the receipts look the id up
 */
export function remembered<Content>(
  provider: Provider<Content>,
  source: string,
  references: MessageReferences,
): Provider<Content> {
  return {
    ...provider,
    async send(message, signal) {
      const handed = await provider.send(message, signal);
      const { delivery } = handed;
      if (delivery.outcome === 'sent' && delivery.providerId !== null)
        await references.add(message.id, { source, reference: delivery.providerId }).catch(() => undefined);
      return handed;
    },
  };
}
