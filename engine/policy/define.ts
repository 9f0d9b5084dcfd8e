import { toMs, type Duration } from '../model/duration';
import { CHANNELS, type ChannelName } from '../model/state';
import { parseTime, type LocalWindow } from '../model/zone';

/** At most this many messages in any 24 hours and in any 7 days. */
export interface Cap {
  readonly day: number;
  readonly week: number;
}

/** How a team wants to be restrained; anything left out has the default. */
export interface PolicyOptions {
  readonly caps?: { readonly total?: Cap } & Partial<Record<ChannelName, Cap>>;
  /** Quiet hours in the user's own zone, and the channels they silence; null for none. */
  readonly quietHours?: (LocalWindow & { readonly channels?: readonly ChannelName[] }) | null;
  /** How long a message is worth sending after it was decided. */
  readonly expiry?: Partial<Record<ChannelName, Duration>>;
}

/** The policy as plain data. */
export interface Policy {
  readonly caps: { readonly total: Cap } & Readonly<Record<ChannelName, Cap>>;
  readonly quietHours: (LocalWindow & { readonly channels: readonly ChannelName[] }) | null;
  readonly expiryMs: Readonly<Record<ChannelName, number>>;
}

const DEFAULT_CAPS = {
  total: { day: 4, week: 12 },
  email: { day: 2, week: 5 },
  webPush: { day: 2, week: 7 },
  inApp: { day: 4, week: 14 },
} as const;

const DEFAULT_EXPIRY: Record<ChannelName, Duration> = { email: '3 days', webPush: '1 day', inApp: '30 days' };

/**
 * Declares the policy: who may be reached how often, and when not. Applied to every message in `decide.ts`.
 * @throws {TypeError} when a time of day, a duration or a cap is not one
 */
export function policy(options: PolicyOptions = {}): Policy {
  const caps = { ...DEFAULT_CAPS, ...options.caps };
  for (const [name, cap] of Object.entries(caps)) {
    if (!(cap.day >= 0 && cap.week >= 0)) throw new TypeError(`policy: the caps of ${name} are numbers, 0 or more.`);
  }
  const quiet = options.quietHours === undefined ? ({ from: '22:00', to: '08:00' } as const) : options.quietHours;
  if (quiet) [quiet.from, quiet.to].forEach(parseTime);
  if (quiet && quiet.from === quiet.to) throw new TypeError("policy: quiet hours can't last all day.");
  const expiry = { ...DEFAULT_EXPIRY, ...options.expiry };
  return {
    caps,
    quietHours: quiet && { channels: ['email', 'webPush'], ...quiet },
    expiryMs: Object.fromEntries(CHANNELS.map((channel) => [channel, toMs(expiry[channel])])) as Record<
      ChannelName,
      number
    >,
  };
}
