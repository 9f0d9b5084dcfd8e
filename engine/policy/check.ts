import type { Journey } from '../authoring/journey';
import { priorityOf } from '../authoring/priority';
import type { ChannelName } from '../model/channels';
import { isWithin, minutesOf, type Weekday } from '../model/zone';
import { appliesTo, capOf, channelsIn, reachesPerson } from './channels';
import { policy as policyOf, type ChannelHours, type Policy } from './define';
import { SPAN_TEXTS, SPANS, type Cap } from './spans';

/** What is wrong with a policy. */
export interface Flaw {
  /**
   * `contradiction`: it stops messages that it is meant to let through, or names what does not exist. `never applies`: a limit that
   * makes no difference.
   */
  readonly kind: 'contradiction' | 'never applies';
  /** Where: `caps.email`. */
  readonly at: string;
  /** Text for people. */
  readonly text: string;
}

/** What the names in a policy stand for. */
export interface Named {
  readonly journeys: readonly Pick<Journey, 'id' | 'transactional' | 'priority'>[];
  /** The ids of topics. Default: nothing is known of them. */
  readonly topics?: readonly string[];
}

/** Finds the rules of a policy that can never apply, and those that contradict each other. */
export function flawsOf(policy: Policy, named: Named): Flaw[] {
  return [...unknownNames(policy, named), ...hoursFlaws(policy), ...capFlaws(policy), ...idlePriorities(named)];
}

function unknownNames({ journeyCaps = {}, topicCaps = {} }: Policy, { journeys, topics }: Named): Flaw[] {
  const unknown = (what: string, caps: object, known: readonly string[]): Flaw[] =>
    Object.keys(caps)
      .filter((name) => !known.includes(name))
      .map((name) => ({
        kind: 'contradiction',
        at: `caps.${what}s.${name}`,
        text: `there is no ${what} '${name}'${known.length === 0 ? '' : `. Expected one of ${known.join(', ')}`}`,
      }));
  const ids = journeys.map(({ id }) => id);
  return [...unknown('journey', journeyCaps, ids), ...(topics ? unknown('topic', topicCaps, topics) : [])];
}

function capFlaws(policy: Policy): Flaw[] {
  const { topicCaps = {}, journeyCaps = {} } = policy;
  const { total, transactional } = policy.caps;
  const defaults = policyOf();
  const isDefault = (channel: ChannelName): boolean =>
    JSON.stringify(capOf(policy, channel)) === JSON.stringify(capOf(defaults, channel));
  const channels = channelsIn(policy).filter((channel) => !isDefault(channel));
  const inTotal: (readonly [string, Cap])[] = [
    ...channels.map((channel) => [`caps.${channel}`, capOf(policy, channel)] as const),
    ...Object.entries(topicCaps).map(([name, cap]) => [`caps.topics.${name}`, cap] as const),
    ...Object.entries(journeyCaps).map(([name, cap]) => [`caps.journeys.${name}`, cap] as const),
  ];
  return [
    ...[...inTotal, ['caps.total', total] as const, ['caps.transactional', transactional] as const].flatMap(within),
    ...inTotal.flatMap(([at, cap]) => aboveTotal(at, cap, total)),
  ];
}

/** The bounds of a cap that a longer span makes needless. */
function within([at, cap]: readonly [string, Cap]): Flaw[] {
  return SPANS.flatMap((span, index) => {
    const most = cap[span];
    const longer = SPANS.slice(index + 1).find((other) => (cap[other] ?? Infinity) < (most ?? 0));
    if (most === undefined || !longer || most === Infinity) return [];
    const text = `${most} ${SPAN_TEXTS[span]} is never reached: ${cap[longer] ?? 0} ${SPAN_TEXTS[longer]} is less`;
    return { kind: 'never applies', at, text };
  });
}

function aboveTotal(at: string, cap: Cap, total: Cap): Flaw[] {
  return SPANS.flatMap((span) => {
    const [most, all] = [cap[span] ?? Infinity, total[span] ?? Infinity];
    if (most === Infinity || all >= most) return [];
    const text = `${most} ${SPAN_TEXTS[span]} is never reached: the total of ${all} ${SPAN_TEXTS[span]} is less`;
    return { kind: 'never applies', at, text };
  });
}

function hoursFlaws(policy: Policy): Flaw[] {
  const { quietHours, sendWindows = [] } = policy;
  const channels = channelsIn(policy).filter((channel) => reachesPerson(policy, channel));
  /** The channels by what is wrong with their hours, so that one mistake is one line. */
  const found = new Map<string, ChannelName[]>();
  const note = (text: string, channel: ChannelName): unknown => found.set(text, [...(found.get(text) ?? []), channel]);
  for (const channel of channels) {
    const quiet = quietHours.filter((hours) => appliesTo(policy, hours, channel));
    const windows = sendWindows.filter((hours) => appliesTo(policy, hours, channel));
    const isOpen = (minute: number): boolean => !isIn(quiet, minute) && (windows.length === 0 || isIn(windows, minute));
    if (!WEEK.some(isOpen)) note(NO_MINUTE, channel);
    else
      for (const window of windows)
        if (!WEEK.some((minute) => isIn([window], minute) && !isIn(quiet, minute)))
          note(`the window from ${window.from} to ${window.to} never opens, it lies within quiet hours`, channel);
  }
  return [
    ...[...found].map(([text, names]): Flaw => {
      const kind = text === NO_MINUTE ? 'contradiction' : 'never applies';
      return { kind, at: text === NO_MINUTE ? 'quietHours' : 'sendWindows', text: `${names.join(', ')}: ${text}` };
    }),
    ...channels.flatMap((channel) =>
      expiresBefore(
        policy,
        channel,
        quietHours.filter((hours) => appliesTo(policy, hours, channel)),
      ),
    ),
  ];
}

const NO_MINUTE = 'no minute of the week is left in which to send';

/** A message that expires within the quiet hours never goes out if they begin when it is decided. */
function expiresBefore({ expiryMs }: Policy, channel: ChannelName, quiet: readonly ChannelHours[]): Flaw[] {
  const expiry = expiryMs[channel];
  if (expiry === undefined) return [];
  const longest = quiet.map(lengthMs).find((length) => length > expiry);
  if (longest === undefined) return [];
  const text = `a message by ${channel} expires after ${expiry / MINUTE_MS} minutes, and quiet hours last ${longest / MINUTE_MS}: what is decided in the evening is never sent`;
  return [{ kind: 'contradiction', at: `expiry.${channel}`, text }];
}

function idlePriorities({ journeys }: Named): Flaw[] {
  return journeys
    .filter((journey) => journey.transactional && priorityOf(journey) !== 0)
    .map(({ id }) => ({
      kind: 'never applies',
      at: `journey ${id}`,
      text: 'its priority says nothing: its messages are transactional, so caps of others do not concern them',
    }));
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** The minutes of a week. */
const WEEK = Array.from({ length: 7 * DAY_MINUTES }, (_, minute) => minute);

function isIn(windows: readonly ChannelHours[], minute: number): boolean {
  const weekday = (Math.floor(minute / DAY_MINUTES) + 1) as Weekday;
  return windows.some((window) => isWithin(window, minute % DAY_MINUTES, weekday));
}

function lengthMs({ from, to }: ChannelHours): number {
  return ((minutesOf(to) - minutesOf(from) + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS;
}
