import { emailAddress, unreachableReason } from '../../engine/model/reach';
import type { Channel } from './channel';
import { guardedTransport } from './guarded-transport';
import { rendered, type Rendering } from './rendered';
import { smtpFailure } from './smtp-failure';

/** Options of the email channel. */
export interface EmailOptions extends Rendering {
  readonly smtpUrl: string;
  readonly mailFrom: string;
}

/** Real milliseconds. Accepting a message may take a server long (RFC 5321 4.5.3.2); connecting and greeting may not. */
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 30_000 } as const;

/**
 * Creates the email channel: SMTP (RFC 5321) with pooled connections. The Message-ID is made of the message's id, so that a provider
 * or mail program can drop a duplicate. Messages support one-click unsubscribe (RFC 8058). An aborted attempt closes its connection.
 */
export function emailChannel({ smtpUrl, mailFrom, ...rendering }: EmailOptions): Channel {
  const transport = guardedTransport(smtpUrl, TIMEOUTS);
  const { hostname } = new URL(rendering.publicUrl);
  return {
    name: 'email',
    async deliver(envelope, signal) {
      const { traits } = envelope.user;
      const to = emailAddress(traits);
      if (to === null) return { outcome: 'suppressed', cause: 'address', reason: unreachableReason(traits, 'email') };
      return rendered(rendering, 'email', envelope, async (content, links) => {
        try {
          const providerId = await transport.send({
            ...content,
            from: mailFrom,
            to: { name: '', address: to },
            messageId: `<${envelope.id}@${hostname}>`,
            headers: {
              'X-Sojourn-Journey': envelope.journey,
              ...(envelope.transactional ? {} : oneClick(links.unsubscribe)),
            },
            signal,
            confirm: () => envelope.confirm(),
          });
          return { outcome: 'sent', providerId };
        } catch (error) {
          return smtpFailure(error, to);
        }
      });
    },
    async close() {
      transport.close();
    },
  };
}

function oneClick(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
