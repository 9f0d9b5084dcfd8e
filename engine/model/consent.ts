import type { JsonObject } from './json';
import { CHANNEL_NAME, channelSpecs, type ChannelName, type ChannelSpec } from './channels';

/** The channels that reach people, about which somebody can be asked: those that ship, then the team's own. */
export function personalChannels(own?: readonly ChannelSpec[]): readonly ChannelSpec[] {
  return [...channelSpecs(own).values()].filter(({ toPerson }) => toPerson);
}

/** The names of those that ship. */
export const PERSONAL_CHANNELS: readonly ChannelName[] = personalChannels().map(({ name }) => name);

/** The explicit answers of a user, by channel. A channel without an answer counts as agreed to. */
export type Consent = Readonly<Partial<Record<ChannelName, boolean>>>;

/** The names of the events of consent. Their property `channel` says what was answered. */
export const CONSENT_EVENTS = {
  /** A yes, also one that repeats the former answer. */
  given: 'Consent Given',
  /** A yes after a no. */
  subscribed: 'Subscribed',
  /** A no after a yes, or after no answer. */
  unsubscribed: 'Unsubscribed',
} as const;

const AGREED = agreedTo(PERSONAL_CHANNELS);

/** What holds for every channel that reaches people. @param own the channels of the team's own. Default: none */
export function completeConsent(
  consent: Consent,
  own: readonly ChannelSpec[] = [],
): Readonly<Record<ChannelName, boolean>> {
  const agreed = own.length === 0 ? AGREED : agreedTo(personalChannels(own).map(({ name }) => name));
  return { ...agreed, ...(consent as Record<ChannelName, boolean>) };
}

function agreedTo(channels: readonly ChannelName[]): Record<ChannelName, boolean> {
  return Object.fromEntries(channels.map((channel) => [channel, true])) as Record<ChannelName, boolean>;
}

/** The channel of an event of consent or of a topic; undefined if it names none. */
export function channelOf({ properties }: { readonly properties: JsonObject }): ChannelName | undefined {
  const { channel } = properties;
  return typeof channel === 'string' && CHANNEL_NAME.test(channel) ? channel : undefined;
}

/** The events of an answer of the user, by name. */
export function eventsOfAnswer(before: Consent, channel: ChannelName, agrees: boolean): string[] {
  const changes = (before[channel] ?? true) !== agrees;
  const { given, subscribed, unsubscribed } = CONSENT_EVENTS;
  return [...(changes ? [agrees ? subscribed : unsubscribed] : []), ...(agrees ? [given] : [])];
}
