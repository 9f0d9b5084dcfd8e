import { emailAddress, unreachableReason } from '../../engine/model/reach';
import type { Provider } from '../providers/provider';
import type { EmailContent } from '../templates/content';
import type { Channel } from './channel';
import { handOver } from './hand-over';
import { rendered, type Rendering } from './rendered';

/** Options of the email channel. */
export interface EmailOptions extends Rendering {
  /** The providers, in the order to try. */
  readonly providers: readonly Provider<EmailContent>[];
}

/** Creates the email channel. */
export function emailChannel({ providers, ...rendering }: EmailOptions): Channel {
  return {
    name: 'email',
    async deliver(envelope, signal) {
      const { traits } = envelope.user;
      const to = emailAddress(traits);
      if (to === null) return { outcome: 'suppressed', cause: 'address', reason: unreachableReason(traits, 'email') };
      return rendered(rendering, 'email', envelope, (content, links) =>
        handOver(providers, envelope, { to, content, links }, signal),
      );
    },
    async close() {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}
