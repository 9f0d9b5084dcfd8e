import type { JsonObject } from '../model/json';
import type { ChannelName } from '../model/state';
import type { Preferences } from '../model/topic-answer';

/** The initial state of a user in memory. */
export interface MemoryUser {
  readonly id: string;
  readonly traits: JsonObject;
  readonly reachable: readonly ChannelName[];
  readonly consent?: Partial<Record<ChannelName, boolean>>;
  /** The person's answers about topics. Default: none. */
  readonly topics?: Preferences;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The id by which experiments are assigned. Default: `id`. */
  readonly assignedAs?: string;
}
