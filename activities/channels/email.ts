import type { NodemailerError } from 'nodemailer';
import { emailAddress, unreachableReason } from '../../engine/model/reach';
import type { Channel, Delivery } from './channel';
import { guardedTransport, type GuardedMail, type GuardedTransport } from './guarded-transport';
import { rendered, type Rendering } from './rendered';
import { smtpFailure } from './smtp-failure';

/** Options of the email channel. */
export interface EmailOptions extends Rendering {
  readonly smtpUrl: string;
  /** The server that gets a message at once if the first one can't take it; null for none. */
  readonly smtpFallbackUrl: string | null;
  readonly mailFrom: string;
}

/** Real milliseconds. Accepting a message may take a server long (RFC 5321 4.5.3.2); connecting and greeting may not. */
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 30_000 } as const;

/**
 * Creates the email channel: SMTP (RFC 5321) with pooled connections. The Message-ID is made of the message's id, so that a provider
 * or mail program can drop a duplicate. Messages support one-click unsubscribe (RFC 8058). An aborted attempt closes its connection.
 *
 * If a server can't take a message, the fallback gets it in the same attempt. It does not if the first server may have taken it, because
 * a provider can't know what another one has sent.
 */
export function emailChannel({ smtpUrl, smtpFallbackUrl, mailFrom, ...rendering }: EmailOptions): Channel {
  const transport = guardedTransport(smtpUrl, TIMEOUTS);
  const fallback = smtpFallbackUrl === null ? null : guardedTransport(smtpFallbackUrl, TIMEOUTS);
  const { hostname } = new URL(rendering.publicUrl);
  return {
    name: 'email',
    async deliver(envelope, signal) {
      const { traits } = envelope.user;
      const to = emailAddress(traits);
      if (to === null) return { outcome: 'suppressed', cause: 'address', reason: unreachableReason(traits, 'email') };
      return rendered(rendering, 'email', envelope, async (content, links) => {
        const mail = {
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
        };
        const first = await handOver(transport, mail, to);
        const goesOn = fallback !== null && !first.mayBeTaken && first.delivery.outcome === 'retry' && !signal.aborted;
        return goesOn ? (await handOver(fallback, mail, to)).delivery : first.delivery;
      });
    },
    async close() {
      transport.close();
      fallback?.close();
    },
  };
}

/** Hands a message over to a server. `mayBeTaken`: it was complete, and the server has not refused it. */
async function handOver(
  transport: GuardedTransport,
  mail: GuardedMail,
  to: string,
): Promise<{ readonly delivery: Delivery; readonly mayBeTaken: boolean }> {
  const handed = { isComplete: false };
  try {
    const providerId = await transport.send({ ...mail, completes: () => (handed.isComplete = true) });
    return { delivery: { outcome: 'sent', providerId }, mayBeTaken: true };
  } catch (error) {
    const { responseCode } = error as NodemailerError;
    return { delivery: smtpFailure(error, to), mayBeTaken: handed.isComplete && responseCode === undefined };
  }
}

function oneClick(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
