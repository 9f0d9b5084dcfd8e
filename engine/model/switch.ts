import { CHANNELS, type ChannelName } from './channels';

/** What a kill switch stops: everything, a channel, a journey or a topic, as `channel:email`. */
export type SwitchTarget = 'all' | `channel:${string}` | `journey:${string}` | `topic:${string}`;

/** `hold`: messages wait, and are decided again when the switch is lifted. `drop`: they are suppressed. */
export type SwitchMode = 'hold' | 'drop';

/** A kill switch that is on. */
export interface Switch {
  readonly target: SwitchTarget;
  readonly mode: SwitchMode;
  /** Transactional messages are sent all the same. */
  readonly exceptTransactional: boolean;
  /** Why it was set, for people. */
  readonly reason: string;
  /** The name of the person that set it. */
  readonly by: string;
  /** Epoch milliseconds of real time. */
  readonly at: number;
}

/** What can be stopped by name. */
export interface KnownTargets {
  readonly journeys: readonly string[];
  readonly channels: readonly string[];
  readonly topics: readonly string[];
}

interface Stopped {
  readonly journeys: readonly { readonly id: string }[];
  /** The channels of the team's own. */
  readonly channels?: readonly { readonly name: string }[] | undefined;
  readonly topics?: { readonly byName: object } | undefined;
}

/** What of a set of definitions can be stopped by name. */
export function targetsOf({ journeys, channels = [], topics }: Stopped): KnownTargets {
  return {
    journeys: journeys.map(({ id }) => id),
    channels: [...CHANNELS, ...channels.map(({ name }) => name)],
    topics: Object.keys(topics?.byName ?? {}),
  };
}

/**
 * Reads a target: `all`, a channel such as `email` or `channel:email`, a journey such as `journey:onboarding`, or a topic such as
 * `topic:digest`.
 * @param known the journeys, channels and topics that there are; null when they are not known
 * @returns null when there is no such target
 */
export function readTarget(text: string, known: KnownTargets | null): SwitchTarget | null {
  if (text === 'all') return text;
  const [, kind = 'channel', name = ''] = /^(?:(channel|journey|topic):)?(.+)$/s.exec(text) ?? [];
  if (name === '') return null;
  if (kind === 'journey') return known?.journeys.includes(name) === false ? null : `journey:${name}`;
  if (kind === 'topic') return known?.topics.includes(name) === false ? null : `topic:${name}`;
  return known?.channels.includes(name) === false ? null : `channel:${name}`;
}

/** What a switch asks about a message. */
export interface Stoppable {
  readonly channel: ChannelName;
  readonly journey: string;
  readonly transactional: boolean;
  /** Absent or null if it has none. */
  readonly topic?: string | null;
}

/** The switch that stops a message. One that drops goes before one that holds. Null when none stops it. */
export function switchFor(switches: readonly Switch[], message: Stoppable): Switch | null {
  const { channel, journey, transactional, topic = null } = message;
  const targets = ['all', `channel:${channel}`, `journey:${journey}`, ...(topic === null ? [] : [`topic:${topic}`])];
  const on = switches.filter(
    ({ target, exceptTransactional }) => targets.includes(target) && !(exceptTransactional && transactional),
  );
  return on.find(({ mode }) => mode === 'drop') ?? on[0] ?? null;
}
