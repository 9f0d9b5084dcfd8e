import type { Json, JsonObject } from './json';
import type { UserEvent } from './user-event';

/** The type of a group whose traits name none. */
export const DEFAULT_GROUP_TYPE = 'company';

/** The trait of a group that names its type. */
const GROUP_TYPE = 'groupType';

/** A longer text is not taken for a type. Characters. */
const LONGEST_TYPE = 100;

/** A group of a user, with what is known of it. */
export interface KnownGroup {
  readonly id: string;
  readonly traits: JsonObject;
}

/** A group that a user was said to belong to. */
export interface JoinedGroup extends KnownGroup {
  readonly type: string;
}

/** A user who belongs to a group. */
export interface KnownMember {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly lastSeenAt: number;
  /** The traits that were asked for. */
  readonly traits: JsonObject;
}

/** All events of some names that happened at a time or later, epoch milliseconds. */
export type AskedHistory = Readonly<Record<string, { readonly since: number; readonly events: readonly UserEvent[] }>>;

/** What a step asks about the user's group of a type. */
export interface GroupQuestion {
  readonly type: string;
  /** What became known later does not count, epoch milliseconds. */
  readonly until: number;
  /** The traits of members that are wanted; null when the members are not. */
  readonly members: readonly string[] | null;
  /** By name, when the events of members have to begin, epoch milliseconds. */
  readonly since: Readonly<Record<string, number>>;
}

/** The answer to a question about the user's group of a type. */
export interface GroupHistory extends GroupQuestion {
  /** Null when the user belongs to no such group. */
  readonly group: KnownGroup | null;
  /** The members, if they were asked for; otherwise none. */
  readonly found: readonly KnownMember[];
  /** The events of all members. */
  readonly asked: AskedHistory;
}

/** The type of a group, by what a `group` call says of it. The function `group_type` of the database says the same. */
export function groupTypeOf(properties: JsonObject): string {
  const type = properties[GROUP_TYPE];
  return typeof type === 'string' && type !== '' && Array.from(type).length <= LONGEST_TYPE ? type : DEFAULT_GROUP_TYPE;
}

/** The groups that the traits of somebody have, by id: what each was last said to be. */
export function groupsIn(traits: JsonObject): readonly JoinedGroup[] {
  return Object.entries(asObject(traits['groups'])).map(([id, said]) => joined(id, asObject(said)));
}

/**
 * The groups of somebody after a `group` call of theirs. What is known of the group stays, and it is now the latest.
 * @param known the groups that are known, theirs among them
 */
export function joinGroup(
  groups: readonly JoinedGroup[],
  known: readonly JoinedGroup[],
  id: string,
  said: JsonObject,
): readonly JoinedGroup[] {
  const added = joined(id, said);
  const before = known.find((one) => isSameGroup(one, added));
  return [
    ...groups.filter((one) => !isSameGroup(one, added)),
    { ...added, traits: { ...before?.traits, ...added.traits } },
  ];
}

/** Are both the same group, whatever is known of it? */
export function isSameGroup(one: JoinedGroup, other: JoinedGroup): boolean {
  return one.id === other.id && one.type === other.type;
}

function joined(id: string, said: JsonObject): JoinedGroup {
  const { groupId: _, [GROUP_TYPE]: __, ...traits } = said;
  return { id, type: groupTypeOf(said), traits };
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
