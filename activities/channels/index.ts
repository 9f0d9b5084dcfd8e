import type { VapidKeys } from 'web-push';
import type { Config } from '../../config/config';
import type { ChannelName } from '../../engine/model/state';
import type { MessageReferences } from '../../store/message-references';
import type { Templates } from '../templates/load';
import type { Channel, RetryPlan } from './channel';
import type { Sending } from '../../config/channel-setups';
import type { PushDevices } from '../../store/push-devices';
import { providersOf, targetsOf, userIdProviders } from '../providers';
import { teamChatChannel, webhookChannel } from './company';
import { emailChannel } from './email';
import { inAppChannel, type Inbox } from './in-app';
import { ownChannel } from './own';
import { smsChannel, voiceChannel, whatsAppChannel } from './phone';
import { pushChannel } from './push';
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
export interface ChannelParts extends Sending {
  readonly config: Pick<Config, 'mailFrom' | 'publicUrl' | 'secret' | 'mailboxUrl' | 'track'>;
  readonly templates: Templates;
  readonly vapid: VapidKeys;
  readonly subscriptions: Subscriptions;
  readonly devices: PushDevices;
  readonly inbox: Inbox;
  /** Which message went to a number, and which one a provider means by its own id. */
  readonly references: MessageReferences;
}

/** Ways to deliver, by the name of the channel. A channel that is not among them can't deliver in this process. */
export type Channels = Readonly<Partial<Record<ChannelName, Channel>>>;

/** Creates all channels, by name. Close each after its last delivery. */
export function createChannels({
  config,
  setups,
  environment,
  templates,
  vapid,
  subscriptions,
  devices,
  inbox,
  references,
}: ChannelParts): Channels {
  const { mailFrom, publicUrl, secret, mailboxUrl, track } = config;
  const rendering = { templates, publicUrl, secret };
  const { hostname } = new URL(publicUrl);
  const parts = { setups, environment, hostname, publicUrl, mailboxUrl, references };
  const byPhone = { ...rendering, references };
  const own = setups.flatMap(({ channel, own: { spec } = {} }) =>
    spec
      ? [[channel, ownChannel({ ...rendering, spec, providers: providersOf<string>(channel, parts) })] as const]
      : [],
  );
  const sendTo = setups.find(({ channel }) => channel === 'push')?.devices ?? 'all';
  return {
    email: emailChannel({ ...rendering, track, providers: providersOf('email', parts) }),
    webPush: webPushChannel({ ...rendering, vapid, mailFrom, subscriptions }),
    inApp: inAppChannel({ ...rendering, inbox }),
    push: pushChannel({
      ...rendering,
      devices,
      sendTo,
      providers: { fcm: providersOf('push', parts, ['fcm']), apns: providersOf('push', parts, ['apns']) },
      byUserId: userIdProviders(parts),
    }),
    sms: smsChannel({ ...byPhone, providers: providersOf('sms', parts) }),
    voice: voiceChannel({ ...byPhone, providers: providersOf('voice', parts) }),
    whatsApp: whatsAppChannel({ ...byPhone, providers: providersOf('whatsApp', parts) }),
    webhook: webhookChannel({ ...rendering, providers: targetsOf('webhook', parts) }),
    slack: teamChatChannel('slack', { ...rendering, providers: targetsOf('slack', parts) }),
    ...Object.fromEntries(own),
    teams: teamChatChannel('teams', { ...rendering, providers: targetsOf('teams', parts) }),
  };
}
