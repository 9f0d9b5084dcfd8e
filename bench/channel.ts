import { setTimeout as pause } from 'node:timers/promises';
import type { Channel } from '../activities/channels/channel';
import { rendered, type Rendering } from '../activities/channels/rendered';
import { monotonicMs, notifyHarness } from './part';

/** How long a provider takes to accept a mail, in real milliseconds. */
const PROVIDER_MS = Number(process.env['BENCH_PROVIDER_MS'] ?? 0);

/**
 * Creates the email channel of both sides. It renders the mail as in production, but notifies the harness instead of an SMTP
 * server. The bench compares what happens before the delivery, so the delivery is the same for both sides, and cheap.
 */
export function benchChannel(rendering: Rendering): Channel {
  return {
    name: 'email',
    deliver: (envelope) => {
      const at = monotonicMs();
      return rendered(rendering, 'email', envelope, async () => {
        await envelope.confirm();
        notifyHarness({ kind: 'delivered', userId: envelope.user.id, template: envelope.template, at });
        if (PROVIDER_MS > 0) await pause(PROVIDER_MS);
        return { outcome: 'sent', providerId: envelope.id };
      });
    },
    close: async () => undefined,
  };
}
