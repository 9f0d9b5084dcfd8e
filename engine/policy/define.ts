import { toMs, type Duration } from '../model/duration';
import { builtInChannel, isBuiltIn, type BuiltInChannel, type ChannelName } from '../model/channels';
import { getOwn } from '../model/own-property';
import { parseTime, requireZone, type LocalWindow } from '../model/zone';
import { holidaysOf, type Holidays, type HolidaysOption } from './holidays';
import { merged, SPANS, type Cap } from './spans';

/** The most messages in the app: as of any channel, and in one session. */
export interface InAppCap extends Cap {
  /**
   * The most messages that appear by themselves in one session of the app. The client keeps to it: a message that finds no room
   * waits for the next session. Default: as many as there are.
   */
  readonly session?: number;
}

/** Hours of the user's calendar, and the channels that they concern. */
export interface ChannelHours extends LocalWindow {
  /** Default: those that can disturb somebody. All reach people but the app. */
  readonly channels?: readonly ChannelName[];
}

/** The limits a team sets. Anything left out has its default. */
export interface PolicyOptions {
  /**
   * The most messages that are not transactional, per channel, per topic, per journey and in `total`; and the most `transactional`
   * ones over all channels. The cap of transactional messages is far above what anyone needs: it stops a flood. A span that a cap
   * leaves out keeps its default; `Infinity` takes a bound away. Topics and journeys have no bounds by default.
   */
  readonly caps?: {
    readonly total?: Cap;
    readonly transactional?: Cap;
    readonly inApp?: InAppCap;
    readonly topics?: Readonly<Record<string, Cap>>;
    readonly journeys?: Readonly<Record<string, Cap>>;
  } & Partial<Record<Exclude<BuiltInChannel, 'inApp'>, Cap>>;
  /**
   * Quiet hours in the user's time zone, or several of them, for instance by weekday; null for none. Default: 22:00 to 08:00 on every
   * channel that can disturb somebody.
   */
  readonly quietHours?: ChannelHours | readonly ChannelHours[] | null;
  /**
   * Hours in which alone messages go out, in the user's time zone: `{ from: '09:00', to: '18:00', weekdays: [1, 2, 3, 4, 5], channels:
   * ['email'] }`. A channel with several windows is open in each of them, and a channel without one always. Default: no windows.
   */
  readonly sendWindows?: ChannelHours | readonly ChannelHours[];
  /** Days on which no messages go out, by the user's calendar. Default: none. */
  readonly holidays?: HolidaysOption;
  /** The time zone, by its IANA name, for users of whom no zone is known. Default: UTC. */
  readonly zone?: string;
  /** The same by country, as an ISO 3166 code of two letters: `{ AT: 'Europe/Vienna' }`. It wins over `zone`. */
  readonly zones?: Readonly<Record<string, string>>;
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
 * the channel. Anything else that is absent sets no limit.
 */
export interface Policy {
  readonly caps: { readonly total: Cap; readonly transactional: Cap; readonly inApp: InAppCap } & Readonly<
    Partial<Record<ChannelName, Cap>>
  >;
  readonly topicCaps?: Readonly<Record<string, Cap>>;
  readonly journeyCaps?: Readonly<Record<string, Cap>>;
  readonly quietHours: readonly ChannelHours[];
  readonly sendWindows?: readonly ChannelHours[];
  readonly holidays?: Holidays;
  readonly zone?: string;
  readonly zones?: Readonly<Record<string, string>>;
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
const DEFAULT_QUIET: ChannelHours = { from: '22:00', to: '08:00' };

/**
 * Declares the policy: how often users may be reached, and when not. `decide.ts` applies it to every message.
 * @throws {TypeError} when a cap is negative or not a number, a time of day, a zone, a date or a duration is invalid, or hours have no
 * end
 */
export function policy(options: PolicyOptions = {}): Policy {
  const { topics, journeys, ...named } = options.caps ?? {};
  const { sendWindows, holidays, zone, zones, quietHours = DEFAULT_QUIET } = options;
  const expiry = { ...DEFAULT_EXPIRY, ...options.expiry };
  return {
    caps: capsOf(named),
    ...(topics && { topicCaps: checked('topic ', topics) }),
    ...(journeys && { journeyCaps: checked('journey ', journeys) }),
    quietHours: hours('quiet hours', quietHours ?? []),
    ...(sendWindows && { sendWindows: hours('a send window', sendWindows) }),
    ...(holidays && { holidays: holidaysOf(holidays) }),
    ...(zone !== undefined && { zone: requireZone(zone) }),
    ...(zones && {
      zones: Object.fromEntries(Object.entries(zones).map(([code, name]) => [country(code), requireZone(name)])),
    }),
    expiryMs: Object.fromEntries(Object.entries(expiry).map(([channel, after]) => [channel, toMs(after)])),
  };
}

function capsOf(named: Readonly<Record<string, InAppCap>>): Policy['caps'] {
  const all = Object.entries({ ...DEFAULT_CAPS, ...named }).map(([name, cap]): readonly [string, Cap] => {
    const { session } = cap as InAppCap;
    if (session !== undefined && !(name === 'inApp' && Number.isInteger(session) && session >= 0))
      throw new TypeError(
        `policy: the cap of ${name} in a session must be a whole number, 0 or more, and is for inApp only.`,
      );
    return [name, merged(defaultCap(name), cap)];
  });
  return checked('', Object.fromEntries(all)) as Policy['caps'];
}

function defaultCap(name: string): Cap {
  return getOwn<Cap>(DEFAULT_CAPS, name) ?? (isBuiltIn(name) ? builtInChannel(name).cap : {});
}

function checked(sort: string, caps: Readonly<Record<string, Cap>>): Readonly<Record<string, Cap>> {
  for (const [name, cap] of Object.entries(caps))
    for (const [span, most] of Object.entries(cap)) {
      if (!(most >= 0)) throw new TypeError(`policy: the caps of ${sort}${name} must be numbers, 0 or more.`);
      if (span !== 'session' && !SPANS.some((known) => known === span))
        throw new TypeError(
          `policy: the caps of ${sort}${name} have no '${span}'. Expected one of ${SPANS.join(', ')}.`,
        );
    }
  return caps;
}

function hours(what: string, said: ChannelHours | readonly ChannelHours[]): readonly ChannelHours[] {
  const all = [said].flat();
  for (const { from, to, weekdays } of all) {
    [from, to].forEach(parseTime);
    if (from === to) throw new TypeError(`policy: ${what} can't last all day.`);
    if (weekdays?.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
      throw new TypeError(`policy: ${what} begin on weekdays from 1 (Monday) to 7 (Sunday).`);
  }
  return all;
}

/** @throws {TypeError} when it is not a code of two capital letters */
function country(code: string): string {
  if (!/^[A-Z]{2}$/.test(code))
    throw new TypeError(`policy: '${code}' is not a country. Expected two capital letters, such as 'AT'.`);
  return code;
}
