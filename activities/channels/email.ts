import { createTransport } from 'nodemailer';
import { emailAddress } from '../../engine/model/reach';
import type { Channel } from './channel';
import { rendered, type Rendering } from './rendered';
import { smtpFailure } from './smtp-failure';

export interface EmailOptions extends Rendering {
  readonly smtpUrl: string;
  readonly mailFrom: string;
}

/** Real milliseconds. A server may take its time to accept a message (RFC 5321 4.5.3.2), but not to answer at all. */
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 30_000 } as const;

/**
 * Email over SMTP (RFC 5321), connections pooled. The Message-ID is made of the message's id, so a provider or mail program
 * can drop a duplicate; unsubscribing takes one click (RFC 8058). An aborted attempt closes its connection.
 */
export function emailChannel({ smtpUrl, mailFrom, ...rendering }: EmailOptions): Channel {
  // One requeue replaces a pooled connection that turns out to be closed; further attempts are the caller's.
  const transport = createTransport({ url: smtpUrl, pool: true, maxRequeues: 1, ...TIMEOUTS });
  const { hostname } = new URL(rendering.publicUrl);
  return {
    name: 'email',
    async deliver(envelope, signal) {
      const to = emailAddress(envelope.user.traits);
      if (to === null) return { outcome: 'suppressed', reason: 'no address' };
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
