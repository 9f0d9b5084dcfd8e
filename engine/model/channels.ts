import type { Duration } from './duration';

/** How a channel finds a person: by an address in a trait, by what the app has registered, by the user's id, or not at all. */
export type AddressKind =
  /** The trait `email`. */
  | { readonly by: 'email' }
  /** The trait `phone`. */
  | { readonly by: 'phone' }
  /** A trait that is a text, as it stands. */
  | { readonly by: 'trait'; readonly trait: string }
  /** Browsers that have subscribed to web push. */
  | { readonly by: 'browsers' }
  /** Mobile devices that have registered. */
  | { readonly by: 'devices' }
  /** Everybody can be reached: the app knows them by their id, or the message goes to the company itself. */
  | { readonly by: 'id' };

/** What is said of a channel, apart from how it delivers. */
export interface ChannelSpec {
  readonly name: string;
  /** Its name for people. */
  readonly label: string;
  readonly address: AddressKind;
  /** The most messages in any 24 hours and in any 7 days, unless the policy says otherwise. */
  readonly cap: { readonly day: number; readonly week: number };
  /** How long a message may be sent after its step is entered, unless the policy or the step says otherwise. */
  readonly expiry: Duration;
  /** Quiet hours apply, unless the policy says otherwise. */
  readonly quiet: boolean;
  /** Its messages go to the person. Others go to a system or to colleagues: consent, caps and quiet hours do not concern them. */
  readonly toPerson: boolean;
}

const NO_LIMIT = { day: Infinity, week: Infinity } as const;

/** The channels that ship. */
const BUILT_IN = {
  email: {
    label: 'email',
    address: { by: 'email' },
    cap: { day: 2, week: 5 },
    expiry: '3 days',
    quiet: true,
    toPerson: true,
  },
  webPush: {
    label: 'web push',
    address: { by: 'browsers' },
    cap: { day: 2, week: 7 },
    expiry: '1 day',
    quiet: true,
    toPerson: true,
  },
  inApp: {
    label: 'in-app',
    address: { by: 'id' },
    cap: { day: 4, week: 14 },
    expiry: '30 days',
    quiet: false,
    toPerson: true,
  },
  push: {
    label: 'push',
    address: { by: 'devices' },
    cap: { day: 2, week: 7 },
    expiry: '1 day',
    quiet: true,
    toPerson: true,
  },
  sms: {
    label: 'SMS',
    address: { by: 'phone' },
    cap: { day: 1, week: 3 },
    expiry: '1 day',
    quiet: true,
    toPerson: true,
  },
  voice: {
    label: 'voice call',
    address: { by: 'phone' },
    cap: { day: 1, week: 2 },
    expiry: '4 hours',
    quiet: true,
    toPerson: true,
  },
  whatsApp: {
    label: 'WhatsApp',
    address: { by: 'phone' },
    cap: { day: 1, week: 3 },
    expiry: '1 day',
    quiet: true,
    toPerson: true,
  },
  webhook: {
    label: 'webhook',
    address: { by: 'id' },
    cap: NO_LIMIT,
    expiry: '3 days',
    quiet: false,
    toPerson: false,
  },
  slack: { label: 'Slack', address: { by: 'id' }, cap: NO_LIMIT, expiry: '3 days', quiet: false, toPerson: false },
  teams: { label: 'Teams', address: { by: 'id' }, cap: NO_LIMIT, expiry: '3 days', quiet: false, toPerson: false },
} as const satisfies Readonly<Record<string, Omit<ChannelSpec, 'name'>>>;

/** The name of a channel that ships. */
export type BuiltInChannel = keyof typeof BUILT_IN;
/** The name of a channel that a team has added. */
export type OwnChannel = string & Record<never, never>;
/** Ways to reach a user. */
export type ChannelName = BuiltInChannel | OwnChannel;

/** The names of the channels that ship. */
export const CHANNELS = Object.keys(BUILT_IN) as BuiltInChannel[];

/** What a name of a channel of one's own looks like: it is part of file names. */
export const CHANNEL_NAME = /^[a-z][A-Za-z0-9]{0,39}$/;

/** Whether a channel ships. */
export function isBuiltIn(channel: string): channel is BuiltInChannel {
  return Object.hasOwn(BUILT_IN, channel);
}

/** Says what a channel that ships is. */
export function builtInChannel(name: BuiltInChannel): ChannelSpec {
  return { name, ...BUILT_IN[name] };
}

/** The trait that holds a person's address on a channel, if the address can be suppressed; null otherwise. */
export function addressTrait(channel: ChannelName): 'email' | 'phone' | null {
  if (!isBuiltIn(channel)) return null;
  const { by } = BUILT_IN[channel].address;
  return by === 'email' || by === 'phone' ? by : null;
}

/** The channels of a team by name: those that ship, and its own. */
export type ChannelSpecs = ReadonlyMap<string, ChannelSpec>;

/** The channels that ship, and further ones. */
export function channelSpecs(own: readonly ChannelSpec[] = []): ChannelSpecs {
  return new Map([...CHANNELS.map(builtInChannel), ...own].map((spec) => [spec.name, spec]));
}

/** The name of a channel for people. */
export function channelLabel(channel: ChannelName): string {
  return isBuiltIn(channel) ? BUILT_IN[channel].label : channel;
}

/** What is said of a channel of one's own as far as its team says nothing. */
export const OWN_CHANNEL_DEFAULTS = {
  cap: { day: 2, week: 7 },
  expiry: '1 day',
  quiet: true,
  toPerson: true,
} as const satisfies Omit<ChannelSpec, 'name' | 'label' | 'address'>;
