import { EMAIL_SECRETS } from '../../fakes/signed-receipts';
import { TWILIO_ACCOUNT } from '../../fakes/twilio';
import { RECEIPTS_SECRET } from '../server';
import { postmark, resend, sendgrid, ses } from './emails';
import { braze, onesignal, standard, TOKENS, twilio } from './others';
import type { Sender } from './sender';

/** The keys of all sources. */
export const RECEIPT_SECRETS = {
  ...{ ...EMAIL_SECRETS, RECEIPTS_SECRET, TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken },
  ...{ ONESIGNAL_RECEIPTS_TOKEN: TOKENS.onesignal, BRAZE_RECEIPTS_TOKEN: TOKENS.braze },
};

/** Everybody who reports, by the name of the source. */
export const SENDERS: Readonly<Record<string, Sender>> = {
  ...{ standard, postmark, sendgrid, resend, ses, onesignal, braze, twilio },
};
