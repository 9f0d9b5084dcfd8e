import { createTransport } from 'nodemailer';
import { emailAddress, unreachableReason } from '../../engine/model/reach';
import type { Channel } from './channel';
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
  // One requeue replaces a pooled connection that turns out to be closed. Further attempts are up to the caller.
  const transport = createTransport({ url: smtpUrl, pool: true, maxRequeues: 1, ...TIMEOUTS });
  const { hostname } = new URL(rendering.publicUrl);
  return {
    name: 'email',
    async deliver(envelope, signal) {
      const { traits } = envelope.user;
      const to = emailAddress(traits);
      if (to === null) return { outcome: 'suppressed', cause: 'address', reason: unreachableReason(traits, 'email') };
      return rendered(rendering, 'email', envelope, async (content, links) => {
        try {
          const { serverMessageId } = await transport.sendMail({
            ...content,
            from: mailFrom,
            to: { name: '', address: to },
            messageId: `<${envelope.id}@${hostname}>`,
            headers: {
              'X-Sojourn-Journey': envelope.journey,
              ...(envelope.transactional ? {} : oneClick(links.unsubscribe)),
            },
            signal,
          });
          return { outcome: 'sent', providerId: serverMessageId ?? null };
        } catch (error) {
          return smtpFailure(error);
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
