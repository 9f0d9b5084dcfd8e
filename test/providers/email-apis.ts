import { randomUUID } from 'node:crypto';
import type { OutgoingEmail } from '../../activities/providers/email-api';
import { postmark } from '../../activities/providers/postmark';
import type { Provider } from '../../activities/providers/provider';
import { resend } from '../../activities/providers/resend';
import { sendGrid } from '../../activities/providers/sendgrid';
import { ses } from '../../activities/providers/ses';
import type { EmailContent } from '../../activities/templates/content';
import { POSTMARK_TOKEN, startPostmark } from '../fakes/postmark';
import { RESEND_KEY, startResend } from '../fakes/resend';
import { SENDGRID_KEY, startSendGrid } from '../fakes/sendgrid';
import { SES_KEYS, SES_REGION, startSes } from '../fakes/ses';
import type { FakeService } from '../fakes/service';

/** A provider of emails as the tests know it. */
export interface EmailApiCase {
  readonly name: string;
  start(): Promise<FakeService>;
  provider(url: string, timeoutMs?: number): Provider<EmailContent>;
  /** A provider whose key is wrong. */
  locked(url: string): Provider<EmailContent>;
}

const sender = { from: 'Sojourn <hello@example.com>', hostname: 'app.example.com' };
const within = (timeoutMs?: number): { timeoutMs?: number } => (timeoutMs === undefined ? {} : { timeoutMs });

/** Every provider of emails that is an API. */
export const EMAIL_APIS: readonly EmailApiCase[] = [
  {
    name: 'postmark',
    start: startPostmark,
    provider: (url, ms) => postmark({ ...sender, url, token: POSTMARK_TOKEN, ...within(ms) }),
    locked: (url) => postmark({ ...sender, url, token: 'another' }),
  },
  {
    name: 'sendgrid',
    start: startSendGrid,
    provider: (url, ms) => sendGrid({ ...sender, url, apiKey: SENDGRID_KEY, ...within(ms) }),
    locked: (url) => sendGrid({ ...sender, url, apiKey: 'another' }),
  },
  {
    name: 'resend',
    start: startResend,
    provider: (url, ms) => resend({ ...sender, url, apiKey: RESEND_KEY, ...within(ms) }),
    locked: (url) => resend({ ...sender, url, apiKey: 'another' }),
  },
  {
    name: 'ses',
    start: startSes,
    provider: (url, ms) =>
      ses({ ...sender, url, region: SES_REGION, credentials: async () => SES_KEYS, ...within(ms) }),
    locked: (url) => ses({ ...sender, url, region: SES_REGION, credentials: { ...SES_KEYS, secretAccessKey: 'x' } }),
  },
];

/** One of them. */
export function emailApiNamed(name: string): EmailApiCase {
  const found = EMAIL_APIS.find((api) => api.name === name);
  if (!found) throw new Error(`there is no provider ${name}`);
  return found;
}

/** A rendered email to Ada. */
export function outgoing(changes: Partial<OutgoingEmail> = {}): OutgoingEmail {
  return {
    id: randomUUID(),
    userId: 'u1',
    to: 'ada@example.com',
    content: { subject: 'Welcome', html: '<p>Hello</p>', text: 'Hello' },
    journey: 'onboarding',
    step: 'welcome',
    transactional: false,
    ttlMs: 86_400_000,
    links: {
      unsubscribe: 'https://app.example.com/u/token',
      preferences: 'https://app.example.com/p/token',
      app: 'https://app.example.com',
    },
    confirm: async () => undefined,
    ...changes,
  };
}
