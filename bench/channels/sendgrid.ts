import { emailChannel } from '../../activities/channels/email';
import { guarded } from '../../activities/providers/guarded';
import { sendGrid } from '../../activities/providers/sendgrid';
import { SENDGRID_KEY, startSendGrid } from '../../test/fakes/sendgrid';
import { sendGridRequest } from '../../test/fakes/signed-receipts';
import { TEXT, type BenchProvider } from './provider';

const FROM = 'bench@example.com';

/** Starts SendGrid on this machine. */
export async function sendGridHere(): Promise<BenchProvider> {
  const fake = await startSendGrid();
  const options = { from: FROM, hostname: 'example.com', apiKey: SENDGRID_KEY, url: fake.url };
  return {
    channel: 'email',
    fake,
    ours: (rendering) =>
      emailChannel({ ...rendering, providers: [guarded(sendGrid(options), { channel: 'email', weight: 1 })] }),
    plain: ({ id, email }) => ({
      path: '/v3/mail/send',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${SENDGRID_KEY}` },
      body: JSON.stringify({
        personalizations: [{ to: [{ email }] }],
        from: { email: FROM },
        subject: TEXT.subject,
        content: [{ type: 'text/plain', value: TEXT.text }],
        custom_args: { sojourn_message_id: id },
      }),
    }),
    report: (_publicUrl, messageId) => {
      const event = { event: 'delivered', timestamp: Math.floor(Date.now() / 1_000), sojourn_message_id: messageId };
      return { path: '/v1/receipts/sendgrid', ...sendGridRequest(JSON.stringify([event])) };
    },
  };
}
