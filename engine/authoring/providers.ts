import { providerType } from './provider-use';

/** A mail server. By default the one of `SMTP_URL`, with the sender of `MAIL_FROM`. */
export const smtp = providerType('email', 'smtp', { url: { env: 'SMTP_URL' }, from: { env: 'MAIL_FROM' } });

/** Postmark, by the token of a server: `POSTMARK_SERVER_TOKEN`. */
export const postmark = providerType('email', 'postmark', {
  token: { env: 'POSTMARK_SERVER_TOKEN' },
  from: { env: 'MAIL_FROM' },
  stream: { env: 'POSTMARK_STREAM', otherwise: null },
  transactionalStream: { env: 'POSTMARK_TRANSACTIONAL_STREAM', otherwise: null },
  url: { env: 'POSTMARK_URL', otherwise: null },
});

/** SendGrid, by a key with the permission to send mail: `SENDGRID_API_KEY`. */
export const sendGrid = providerType('email', 'sendGrid', {
  apiKey: { env: 'SENDGRID_API_KEY' },
  from: { env: 'MAIL_FROM' },
  url: { env: 'SENDGRID_URL', otherwise: null },
});

/** Resend, by a key with the permission to send: `RESEND_API_KEY`. */
export const resend = providerType('email', 'resend', {
  apiKey: { env: 'RESEND_API_KEY' },
  from: { env: 'MAIL_FROM' },
  url: { env: 'RESEND_URL', otherwise: null },
});

/** Amazon SES, by keys with the permission `ses:SendEmail`. A configuration set publishes its receipts. */
export const ses = providerType('email', 'ses', {
  region: { env: 'AWS_REGION' },
  accessKeyId: { env: 'AWS_ACCESS_KEY_ID' },
  secretAccessKey: { env: 'AWS_SECRET_ACCESS_KEY' },
  sessionToken: { env: 'AWS_SESSION_TOKEN', otherwise: null },
  configurationSet: { env: 'SES_CONFIGURATION_SET', otherwise: null },
  from: { env: 'MAIL_FROM' },
  url: { env: 'SES_URL', otherwise: null },
});

const TWILIO = {
  accountSid: { env: 'TWILIO_ACCOUNT_SID' },
  authToken: { env: 'TWILIO_AUTH_TOKEN' },
  url: { env: 'TWILIO_URL', otherwise: null },
} as const;

/** SMS by Twilio, from a number, a name or a messaging service: `TWILIO_FROM`. */
export const twilioSms = providerType('sms', 'twilioSms', { ...TWILIO, from: { env: 'TWILIO_FROM' } });

/** Calls by Twilio, from the number `TWILIO_VOICE_FROM`. */
export const twilioVoice = providerType('voice', 'twilioVoice', { ...TWILIO, from: { env: 'TWILIO_VOICE_FROM' } });

/** WhatsApp by Twilio, from the number `TWILIO_WHATSAPP_FROM`. */
export const twilioWhatsApp = providerType('whatsApp', 'twilioWhatsApp', {
  ...TWILIO,
  from: { env: 'TWILIO_WHATSAPP_FROM' },
});

/** OneSignal. It knows the devices of a person by the id of the user, so that nobody registers them with Sojourn. */
export const oneSignal = providerType('push', 'oneSignal', {
  appId: { env: 'ONESIGNAL_APP_ID' },
  apiKey: { env: 'ONESIGNAL_API_KEY' },
  url: { env: 'ONESIGNAL_URL', otherwise: null },
});

/** Braze, at the REST endpoint of your instance: `BRAZE_URL`. It knows the devices of a person by the id of the user. */
export const braze = providerType('push', 'braze', {
  apiKey: { env: 'BRAZE_API_KEY' },
  url: { env: 'BRAZE_URL' },
});

/** The types of providers that know a person's devices by the id of the user. */
export const BY_USER_ID: readonly string[] = ['oneSignal', 'braze'];

/** Firebase Cloud Messaging, by the JSON of a service account: `FCM_SERVICE_ACCOUNT`. */
export const fcm = providerType('push', 'fcm', {
  serviceAccount: { env: 'FCM_SERVICE_ACCOUNT' },
  url: { env: 'FCM_URL', otherwise: 'https://fcm.googleapis.com' },
});

/**
 * Apple's push service, by a token key: the text of its `.p8` file in `APNS_KEY`, its id, the id of the team, and the bundle id of the
 * app as the topic. `environment` is `production` or `sandbox`.
 */
export const apns = providerType('push', 'apns', {
  key: { env: 'APNS_KEY' },
  keyId: { env: 'APNS_KEY_ID' },
  teamId: { env: 'APNS_TEAM_ID' },
  topic: { env: 'APNS_TOPIC' },
  environment: { env: 'APNS_ENVIRONMENT', otherwise: 'production' },
});

/**
 * An endpoint of a webhook. Templates choose it by its name. While a secret is replaced, `formerSecret` signs, too. `network` is
 * `public`, or `private` for an address inside your own network.
 */
export const endpoint = providerType('webhook', 'endpoint', {
  url: { env: 'WEBHOOK_URL' },
  secret: { env: 'WEBHOOK_SECRET' },
  formerSecret: { env: 'WEBHOOK_FORMER_SECRET', otherwise: null },
  network: { env: 'WEBHOOK_NETWORK', otherwise: 'public' },
});

/** A channel of a Slack workspace, by the address of an incoming webhook. Templates choose it by its name. */
export const slackChannel = providerType('slack', 'slackChannel', { url: { env: 'SLACK_WEBHOOK_URL' } });

/** A channel of Microsoft Teams, by the address of a workflow. Templates choose it by its name. */
export const teamsChannel = providerType('teams', 'teamsChannel', { url: { env: 'TEAMS_WORKFLOW_URL' } });
