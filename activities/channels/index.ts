import type { VapidKeys } from 'web-push';
import type { Config } from '../../config/config';
import type { ChannelName } from '../../engine/model/state';
import type { Templates } from '../templates/load';
import type { Channel, RetryPlan } from './channel';
import { emailChannel } from './email';
import { inAppChannel, type Inbox } from './in-app';
import { webPushChannel, type Subscriptions } from './web-push';

/** How each channel is retried, in real milliseconds: the slower a provider recovers, the longer the pauses. */
export const RETRY_PLANS: Readonly<Record<ChannelName, RetryPlan>> = {
  email: { initialMs: 10_000, maximumMs: 600_000 },
  webPush: { initialMs: 5_000, maximumMs: 300_000 },
  inApp: { initialMs: 1_000, maximumMs: 60_000 },
};

/** How long to wait after so many attempts that failed, in real milliseconds: twice as long after each. */
export function pauseMs(channel: ChannelName, attempts: number): number {
  const { initialMs, maximumMs } = RETRY_PLANS[channel];
  return Math.min(maximumMs, initialMs * 2 ** (attempts - 1));
}

/** What the channels are made of. */
export interface ChannelParts {
  readonly config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'publicUrl' | 'secret'>;
  readonly templates: Templates;
  readonly vapid: VapidKeys;
  readonly subscriptions: Subscriptions;
  readonly inbox: Inbox;
}

/** All channels, by name. Close each when its last delivery is over. */
export function createChannels({
  config,
  templates,
  vapid,
  subscriptions,
  inbox,
}: ChannelParts): Record<ChannelName, Channel> {
  const { smtpUrl, mailFrom, publicUrl, secret } = config;
  const rendering = { templates, publicUrl, secret };
  return {
    email: emailChannel({ ...rendering, smtpUrl, mailFrom }),
    webPush: webPushChannel({ ...rendering, vapid, mailFrom, subscriptions }),
    inApp: inAppChannel({ ...rendering, inbox }),
  };
}
