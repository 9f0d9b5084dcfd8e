import { CHANNELS, type ChannelName } from './channels';

/** What a kill switch stops: everything, a channel or a journey, as `channel:email`. */
export type SwitchTarget = 'all' | `channel:${string}` | `journey:${string}`;

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
  /** Who set it, for people. */
  readonly by: string;
  /** Epoch milliseconds of real time. */
  readonly at: number;
}

/** What can be stopped by name. */
export interface KnownTargets {
  readonly journeys: readonly string[];
  readonly channels: readonly string[];
}

interface Stopped {
  readonly journeys: readonly { readonly id: string }[];
  /** The channels of the team's own. */
  readonly channels?: readonly { readonly name: string }[] | undefined;
}

/** What of a set of definitions can be stopped by name. */
export function targetsOf({ journeys, channels = [] }: Stopped): KnownTargets {
  return {
    journeys: journeys.map(({ id }) => id),
    channels: [...CHANNELS, ...channels.map(({ name }) => name)],
  };
}

/**
 * Reads a target: `all`, a channel such as `email` or `channel:email`, or a journey such as `journey:onboarding`.
 * @param known the ids of the journeys and the names of the channels that there are; null when they are not known
 * @returns null when there is no such target
 */
export function readTarget(text: string, known: KnownTargets | null): SwitchTarget | null {
  if (text === 'all') return text;
  const [, kind = 'channel', name = ''] = /^(?:(channel|journey):)?(.+)$/s.exec(text) ?? [];
  if (name === '') return null;
  if (kind === 'journey') return known?.journeys.includes(name) === false ? null : `journey:${name}`;
  return known?.channels.includes(name) === false ? null : `channel:${name}`;
}

/** What a switch asks about a message. */
export interface Stoppable {
  readonly channel: ChannelName;
  readonly journey: string;
  readonly transactional: boolean;
}

/** The switch that stops a message. One that drops goes before one that holds. Null when none stops it. */
export function switchFor(switches: readonly Switch[], { channel, journey, transactional }: Stoppable): Switch | null {
  const targets = ['all', `channel:${channel}`, `journey:${journey}`];
  const on = switches.filter(
    ({ target, exceptTransactional }) => targets.includes(target) && !(exceptTransactional && transactional),
  );
  return on.find(({ mode }) => mode === 'drop') ?? on[0] ?? null;
}
