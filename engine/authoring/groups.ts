import type { JsonObject } from '../model/json';
import type { Tests } from './filter';

/** A user who belongs to a group. */
export interface GroupMember {
  readonly id: string;
  /** When they were last active, epoch milliseconds; 0 if they never were. As stored when the step is decided. */
  readonly lastSeenAt: number;
}

/** Which members to list. */
export interface MembersWanted {
  /** Only members whose own traits pass, as in the filter of an event: `{ role: 'admin' }`. Default: all. */
  readonly where?: Tests;
  /** At most this many. Default and maximum: 100. */
  readonly atMost?: number;
}

/** The users who belong to a group. At most 10,000 are looked at. */
export interface GroupMembers {
  /** How many there are. */
  readonly count: number;
  /** The members, the one who was active last first. */
  list(wanted?: MembersWanted): GroupMember[];
}

/** A group that the user belongs to, such as their company. */
export interface Group {
  /** Its id; null if the user belongs to no such group. */
  readonly id: string | null;
  /** What was said of it last, trait by trait, whoever of its members said it. */
  readonly traits: JsonObject;
  readonly members: GroupMembers;
}

/** The group of this type that the user belongs to. */
export type GroupOf = (type?: string) => Group;
