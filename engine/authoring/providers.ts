import { providerType } from './provider-use';

/** A mail server. By default the one of `SMTP_URL`, with the sender of `MAIL_FROM`. */
export const smtp = providerType('email', 'smtp', { url: { env: 'SMTP_URL' }, from: { env: 'MAIL_FROM' } });
