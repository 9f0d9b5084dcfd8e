import type { Channel } from '../activities/channels/channel';
import { rendered, type Rendering } from '../activities/channels/rendered';
import { monotonicMs, tellHarness } from './part';

/**
 * The one delivery of both sides: renders the mail as production does, and instead of handing it to an SMTP server tells the
 * harness of it. What is compared is the way to the delivery, so it is the same for both and cheap.
 */
export function benchChannel(rendering: Rendering): Channel {
  return {
    name: 'email',
    deliver: (envelope) => {
      const at = monotonicMs();
      return rendered(rendering, 'email', envelope, async () => {
        tellHarness({ kind: 'delivered', userId: envelope.user.id, template: envelope.template, at });
        return { outcome: 'sent', providerId: envelope.id };
      });
    },
    close: async () => undefined,
  };
}
