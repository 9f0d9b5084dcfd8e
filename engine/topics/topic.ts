import type { Localized } from '../model/localized';
import type { ChannelName } from '../model/state';
import type { Frequency } from '../model/topic-answer';

/** What a team says of a topic. */
export interface TopicOptions {
  /** What people call it, at most 60 characters: `{ en: 'Weekly digest', de: 'Wochenbrief' }`. */
  readonly title: Localized;
  /** What they get, in a sentence, at most 200 characters. Default: nothing is said. */
  readonly description?: Localized;
  /** Whether people who have not answered get it. Default `'in'`; `'out'` with `doubleOptIn`. */
  readonly default?: 'in' | 'out';
  /** The channels among which people can choose. The other channels go with the topic as a whole. Default: no choice. */
  readonly channels?: readonly ChannelName[];
  /** How often people can choose to get it. Default `['all']`: no choice. */
  readonly frequencies?: readonly Frequency[];
  /** A yes counts once it is confirmed by a link. Default false. */
  readonly doubleOptIn?: boolean;
}

/** A declared topic. */
export interface Topic {
  readonly kind: 'topic';
  readonly name: string;
  readonly title: Localized;
  /** Absent if nothing is said. */
  readonly description?: Localized;
  readonly default: 'in' | 'out';
  readonly channels: readonly ChannelName[];
  readonly frequencies: readonly Frequency[];
  readonly doubleOptIn: boolean;
}

/** All topics that a team declares, by name. */
export interface Topics<ByName extends Readonly<Record<string, Topic>> = Readonly<Record<string, Topic>>> {
  readonly kind: 'topics';
  readonly byName: ByName;
}
