import { passesTests, requireFilter, type Tests } from '../authoring/filter';
import type { GroupMember, GroupMembers, GroupOf, MembersWanted } from '../authoring/groups';
import {
  DEFAULT_GROUP_TYPE,
  groupsIn,
  type GroupHistory,
  type GroupQuestion,
  type JoinedGroup,
  type KnownMember,
} from '../model/group';
import type { JsonObject } from '../model/json';
import { getOwn } from '../model/own-property';
import type { History, UserEvent, UserState } from '../model/state';
import { askedFrom, MissingHistoryError } from './history';
import { noteReads } from './note-reads';

/** The most members that `list` gives, so that a journal stays small. */
const LISTED = 100;

/** The user whose groups a step asks about, and the time. Times are epoch milliseconds. */
export interface GroupsAsked {
  readonly user: KnownMember & Pick<UserState, 'joined'>;
  readonly history: Pick<History, 'events' | 'names' | 'groups'>;
  readonly logicalTime: number;
  readonly wallTime: number;
}

type Wanted = Pick<GroupQuestion, 'members' | 'since'>;

/** What one step asks about the groups of a user. Each answer is noted in `read`. */
export class Groups {
  /** By type, what is wanted and missing. */
  private readonly missing = new Map<string, Wanted>();

  constructor(
    private readonly asked: GroupsAsked,
    private readonly read: JsonObject,
  ) {}

  /** Answers about a group. While the answer is missing, it is as if there were no such group. */
  readonly group: GroupOf = (type = DEFAULT_GROUP_TYPE) => {
    const { read } = this;
    const prefix = `group(${type}).`;
    const known = (): GroupHistory['group'] => this.find(type, { members: null, since: {} }).group;
    return {
      get id() {
        return (read[`${prefix}id`] = known()?.id ?? null);
      },
      get traits() {
        return noteReads(known()?.traits ?? {}, { prefix: `${prefix}traits.`, read });
      },
      members: this.membersOf(type, `${prefix}members`),
    };
  };

  /** The events of a name that the members of a group have, from a time on. */
  eventsOf(type: string, name: string, since: number): readonly UserEvent[] {
    return getOwn(this.find(type, { members: [], since: { [name]: since } }).asked, name)?.events ?? [];
  }

  /**
   * Requests what is missing about one of the groups.
   * @throws {MissingHistoryError} when anything is
   */
  requireAll(): void {
    for (const [type, wanted] of this.missing)
      throw new MissingHistoryError({ kind: 'group', type, until: this.until, ...wanted });
  }

  private membersOf(type: string, prefix: string): GroupMembers {
    const { read } = this;
    const count = (): number => this.find(type, { members: [], since: {} }).found.length;
    return {
      get count() {
        return (read[`${prefix}.count`] = count());
      },
      list: ({ where = {}, atMost = LISTED }: MembersWanted = {}) => {
        requireFilter(where);
        const members = this.find(type, { members: namesIn(where), since: {} })
          .found.filter(({ traits }) => passesTests(where, traits))
          .map(({ id, lastSeenAt }): GroupMember => ({ id, lastSeenAt }))
          .sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.id < b.id ? -1 : 1))
          .slice(0, Math.min(atMost, LISTED));
        // The ids of others are not kept with the facts about this user.
        const text = Object.keys(where).length === 0 ? '' : ` where ${JSON.stringify(where)}`;
        read[`${prefix}.list${text}`] = members.map(({ lastSeenAt }) => lastSeenAt);
        return members;
      },
    };
  }

  private find(type: string, wanted: Wanted): GroupHistory {
    const { history, user } = this.asked;
    const question = { type, until: this.until, ...wanted };
    if (history.names === null && history.groups === undefined)
      return groupAmong({ ...user, events: history.events }, [], question);
    const known = history.groups?.find((one) => isAbout(one, question));
    if (known && answers(known, wanted)) return known;
    this.missing.set(type, [known, this.missing.get(type)].reduce<Wanted>(both, wanted));
    return { ...question, group: null, found: [], asked: {} };
  }

  /** What became known after this does not count. For a decision of the present everything counts that is stored. */
  private get until(): number {
    const { logicalTime, wallTime } = this.asked;
    return logicalTime < wallTime ? logicalTime : Number.MAX_SAFE_INTEGER;
  }
}

function answers(known: GroupHistory, { members, since }: Wanted): boolean {
  return (
    (members ?? []).every((name) => known.members?.includes(name)) &&
    (members === null || known.members !== null) &&
    Object.entries(since).every(([name, from]) => (getOwn(known.since, name) ?? Infinity) <= from)
  );
}

/** Everything that either of the two wants. */
function both(one: Wanted, other: Wanted | undefined): Wanted {
  if (!other) return one;
  const since = { ...one.since };
  for (const [name, from] of Object.entries(other.since)) since[name] = Math.min(from, getOwn(since, name) ?? Infinity);
  const members = [...new Set([...(one.members ?? []), ...(other.members ?? [])])];
  return { members: one.members === null && other.members === null ? null : members, since };
}

/** The names of the traits that tests look at. A name with a dot may also be that of a nested trait. */
function namesIn(where: Tests): readonly string[] {
  return Object.keys(where).flatMap((name) => [name, ...name.split('.').slice(0, 1)]);
}

/** Somebody of whom everything is at hand. */
export interface PersonAtHand extends KnownMember, Pick<UserState, 'joined'> {
  readonly events: readonly UserEvent[];
}

/**
 * The answer about somebody of whom everything is at hand.
 * @param others all others of whom anything is known
 */
export function groupAmong(
  person: PersonAtHand,
  others: readonly PersonAtHand[],
  question: GroupQuestion,
): GroupHistory {
  const groupOf = ({ traits, joined = groupsIn(traits) }: PersonAtHand): JoinedGroup | undefined =>
    joined.findLast(({ type }) => type === question.type);
  const group = groupOf(person) ?? null;
  const members = group ? [person, ...others.filter((other) => groupOf(other)?.id === group.id)] : [];
  const found = members.map(({ id, lastSeenAt, traits }): KnownMember => ({ id, lastSeenAt, traits }));
  const events = members.flatMap((member) => member.events);
  return { ...question, group, found, asked: askedFrom(events, question.since) };
}

/** The answers with another one, which takes the place of an earlier answer about the same group and time. */
export function withGroup(known: readonly GroupHistory[], answer: GroupHistory): readonly GroupHistory[] {
  return [...known.filter((one) => !isAbout(one, answer)), answer];
}

function isAbout(one: GroupQuestion, { type, until }: GroupQuestion): boolean {
  return one.type === type && one.until === until;
}
