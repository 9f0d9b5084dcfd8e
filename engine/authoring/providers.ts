import { providerType } from './provider-use';

/** A mail server. By default the one of `SMTP_URL`, with the sender of `MAIL_FROM`. */
export const smtp = providerType('email', 'smtp', { url: { env: 'SMTP_URL' }, from: { env: 'MAIL_FROM' } });

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
