import type { Json, JsonObject } from '../model/json';
import type { ChannelName } from '../model/state';
import type { LocalMoment } from '../model/zone';
import type { Did } from './did';
import type { GroupOf } from './groups';

/**
 * The facts that a `check`, `pick` or `call` may read. Facts that are read are recorded with the outcome, so that support staff
 * can see why it was decided so. In a `check` or `pick` they are read-only: set a trait with `j.set`, a flag with `j.flag`.
 */
export interface UserFacts {
  readonly user: {
    readonly id: string;
    readonly traits: JsonObject;
    /** The user's stage in the lifecycle. */
    readonly stage: string;
    /** When the user was created, epoch milliseconds. */
    readonly createdAt: number;
    /** When the user was last active, epoch milliseconds. */
    readonly lastSeenAt: number;
    readonly points: number;
    /** The channels on which they may get messages that are not transactional. One without an answer counts as agreed to. */
    readonly consent: Readonly<Record<ChannelName, boolean>>;
    readonly badges: readonly string[];
    readonly flags: Readonly<Record<string, Json>>;
  };
  /** The time, epoch milliseconds. For a `check` or `pick` it is the time the step is decided for. */
  readonly now: number;
}

/** The facts that a `check` or `pick` may read. */
export interface Facts extends UserFacts {
  /** What the user's own clock and calendar show at `now`. */
  readonly local: LocalMoment;
  /** Asks what the user did: `did(orderPlaced).count({ within: '30 days' })`. */
  readonly did: Did;
  /** The group of a type that the user belongs to, by default their company: `group('company').traits['seats']`. */
  readonly group: GroupOf;
}
