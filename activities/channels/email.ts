import { emailAddress, unreachableReason } from '../../engine/model/reach';
import type { Provider } from '../providers/provider';
import type { EmailContent } from '../templates/content';
import type { Channel } from './channel';
import { handOver } from './hand-over';
import { rendered, type Rendering } from './rendered';
import { tracked, type Tracking } from './tracked';

/** Options of the email channel. */
export interface EmailOptions extends Rendering {
  /** The providers, in the order to try. */
  readonly providers: readonly Provider<EmailContent>[];
  /** What the HTML tells. Transactional messages tell nothing: their links may be secret. Default: nothing. */
  readonly track?: Tracking;
}

const NOTHING: Tracking = { opens: false, clicks: false };

/** Creates the email channel. */
export function emailChannel({ providers, track = NOTHING, ...rendering }: EmailOptions): Channel {
  return {
    name: 'email',
    async deliver(envelope, signal) {
      const { traits } = envelope.user;
      const to = emailAddress(traits);
      if (to === null) return { outcome: 'suppressed', cause: 'address', reason: unreachableReason(traits, 'email') };
      const told = envelope.transactional ? NOTHING : track;
      return rendered(rendering, 'email', envelope, (given, links) => {
        const content = { ...given, html: tracked(given.html, envelope.id, told, rendering) };
        return handOver(providers, envelope, { to, content, links }, signal);
      });
    },
    async close() {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}
