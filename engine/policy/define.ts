import { toMs, type Duration } from '../model/duration';
import type { BuiltInChannel, ChannelName } from '../model/channels';
import { parseTime, type LocalWindow } from '../model/zone';

/** The most messages in any 24 hours and in any 7 days. */
export interface Cap {
  readonly day: number;
  readonly week: number;
}

/** The most messages in the app: as of any channel, and in one session. */
export interface InAppCap extends Cap {
  /**
   * The most messages that appear by themselves in one session of the app. The client keeps to it: a message that finds no room
   * waits for the next session. Default: as many as there are.
   */
  readonly session?: number;
}

/** The limits a team sets. Anything left out has its default. */
export interface PolicyOptions {
  /**
   * The most messages that are not transactional, per channel and in `total` over all channels; and the most `transactional` ones
   * over all channels. The cap of transactional messages is far above what anyone needs: it stops a flood.
   */
  readonly caps?: { readonly total?: Cap; readonly transactional?: Cap; readonly inApp?: Partial<InAppCap> } & Partial<
    Record<Exclude<BuiltInChannel, 'inApp'>, Cap>
  >;
  /**
   * Quiet hours in the user's time zone, and the channels they apply to; null for none. Default: 22:00 to 08:00, every channel that
   * may wake somebody up: all that reach people but the app.
   */
  readonly quietHours?: (LocalWindow & { readonly channels?: readonly ChannelName[] }) | null;
  /** How long after its step is entered a message may still be sent. */
  readonly expiry?: Partial<Record<BuiltInChannel, Duration>>;
}

/** What a team has said of a channel of its own. */
export interface OwnChannelLimits {
  readonly cap: Cap;
  readonly expiryMs: number;
  readonly quiet: boolean;
  readonly toPerson: boolean;
}

/**
 * The policy as plain data. `expiryMs` is milliseconds. Ask `channels.ts` about a channel: what the policy does not say is a matter of
 * the channel.
 */
export interface Policy {
  readonly caps: { readonly total: Cap; readonly transactional: Cap; readonly inApp: InAppCap } & Readonly<
    Partial<Record<ChannelName, Cap>>
  >;
  /** Absent `channels`: those of which it is said that quiet hours apply. */
  readonly quietHours: (LocalWindow & { readonly channels?: readonly ChannelName[] }) | null;
  readonly expiryMs: Readonly<Partial<Record<ChannelName, number>>>;
  /** By name, the channels of the team's own. Absent if there are none. */
  readonly own?: Readonly<Record<string, OwnChannelLimits>>;
}

const DEFAULT_CAPS = {
  total: { day: 4, week: 12 },
  transactional: { day: 100, week: 300 },
  email: { day: 2, week: 5 },
  webPush: { day: 2, week: 7 },
  inApp: { day: 4, week: 14 },
} as const;

const DEFAULT_EXPIRY: Partial<Record<BuiltInChannel, Duration>> = {
  email: '3 days',
  webPush: '1 day',
  inApp: '30 days',
};

/**
 * Declares the policy: how often users may be reached, and when not. `decide.ts` applies it to every message.
 * @throws {TypeError} when a cap is negative or not a number, a time of day or a duration is invalid, or quiet hours last all day
 */
export function policy(options: PolicyOptions = {}): Policy {
  const inApp: InAppCap = { ...DEFAULT_CAPS.inApp, ...options.caps?.inApp };
  const caps = { ...DEFAULT_CAPS, ...options.caps, inApp };
  for (const [name, cap] of Object.entries(caps)) {
    if (!(cap.day >= 0 && cap.week >= 0))
      throw new TypeError(`policy: the caps of ${name} must be numbers, 0 or more.`);
  }
  if (inApp.session !== undefined && !(Number.isInteger(inApp.session) && inApp.session >= 0))
    throw new TypeError('policy: the cap of inApp in a session must be a whole number, 0 or more.');
  const quiet = options.quietHours === undefined ? ({ from: '22:00', to: '08:00' } as const) : options.quietHours;
  if (quiet) [quiet.from, quiet.to].forEach(parseTime);
  if (quiet && quiet.from === quiet.to) throw new TypeError("policy: quiet hours can't last all day.");
  const expiry = { ...DEFAULT_EXPIRY, ...options.expiry };
  return {
    caps,
    quietHours: quiet,
    expiryMs: Object.fromEntries(Object.entries(expiry).map(([channel, after]) => [channel, toMs(after)])),
  };
}
