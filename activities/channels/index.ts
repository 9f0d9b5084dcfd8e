import type { VapidKeys } from 'web-push';
import type { Config } from '../../config/config';
import type { ChannelName } from '../../engine/model/state';
import type { Templates } from '../templates/load';
import type { Channel, RetryPlan } from './channel';
import { smtp } from '../providers/smtp';
import { emailChannel } from './email';
import { inAppChannel, type Inbox } from './in-app';
import { webPushChannel, type Subscriptions } from './web-push';

/** Retry plans. The slower the providers of a channel recover, the longer the pauses. */
const RETRY_PLANS: Readonly<Partial<Record<ChannelName, RetryPlan>>> = {
  email: { initialMs: 10_000, maximumMs: 600_000 },
  webPush: { initialMs: 5_000, maximumMs: 300_000 },
  inApp: { initialMs: 1_000, maximumMs: 60_000 },
};

/** The plan of a channel that has none of its own. */
const USUAL: RetryPlan = { initialMs: 5_000, maximumMs: 300_000 };

/** Returns the retry plan of a channel. */
export function retryPlan(channel: ChannelName): RetryPlan {
  return RETRY_PLANS[channel] ?? USUAL;
}

/**
 * The pause after failed attempts, doubled with each.
 * @param attempts number of attempts that failed, from 1
 * @returns real milliseconds
 */
export function pauseMs(channel: ChannelName, attempts: number): number {
  const { initialMs, maximumMs } = retryPlan(channel);
  return Math.min(maximumMs, initialMs * 2 ** (attempts - 1));
}

/** What the channels work with. */
export interface ChannelParts {
  readonly config: Pick<Config, 'smtpUrl' | 'smtpFallbackUrl' | 'mailFrom' | 'publicUrl' | 'secret'>;
  readonly templates: Templates;
  readonly vapid: VapidKeys;
  readonly subscriptions: Subscriptions;
  readonly inbox: Inbox;
}

/** Ways to deliver, by the name of the channel. A channel that is not among them can't deliver in this process. */
export type Channels = Readonly<Partial<Record<ChannelName, Channel>>>;

/** Creates all channels, by name. Close each after its last delivery. */
export function createChannels({ config, templates, vapid, subscriptions, inbox }: ChannelParts): Channels {
  const { smtpUrl, smtpFallbackUrl, mailFrom, publicUrl, secret } = config;
  const rendering = { templates, publicUrl, secret };
  const { hostname } = new URL(publicUrl);
  const servers = [smtpUrl, ...(smtpFallbackUrl === null ? [] : [smtpFallbackUrl])];
  return {
    email: emailChannel({ ...rendering, providers: servers.map((url) => smtp({ url, from: mailFrom, hostname })) }),
    webPush: webPushChannel({ ...rendering, vapid, mailFrom, subscriptions }),
    inApp: inAppChannel({ ...rendering, inbox }),
  };
}
