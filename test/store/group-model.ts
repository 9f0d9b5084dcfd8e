import type { Json, JsonObject } from '../../engine/model/json';

interface Call {
  readonly user: string;
  readonly properties: JsonObject;
  readonly at: number;
  readonly receivedAt: number;
}

interface Deed {
  readonly user: string;
  readonly n: number;
  readonly at: number;
  readonly receivedAt: number;
}

const DAY = 86_400_000;
const typeOf = ({ groupType }: JsonObject): string => (typeof groupType === 'string' ? groupType : 'company');

/** What is known of groups, written down in the plainest way. Times are epoch milliseconds. */
export class GroupModel {
  readonly roles = new Map<string, string>();
  private calls: Call[] = [];
  private deeds: Deed[] = [];
  /** The user that the ids of a visitor now belong to. */
  private readonly heirs = new Map<string, string>();

  call(call: Call): void {
    this.calls.push({ ...call, user: this.heirs.get(call.user) ?? call.user });
  }

  do(deed: Deed): void {
    this.deeds.push({ ...deed, user: this.heirs.get(deed.user) ?? deed.user });
  }

  /** A visitor turns out to be a user. */
  merge(visitor: string, user: string): void {
    const isKnown = [...this.calls, ...this.deeds].some((one) => one.user === visitor);
    if (!isKnown) return;
    this.calls = this.calls.map((one) => (one.user === visitor ? { ...one, user } : one));
    this.deeds = this.deeds.map((one) => (one.user === visitor ? { ...one, user } : one));
    this.heirs.set(visitor, user);
  }

  /** What the user said about groups stays, said by nobody. */
  erase(user: string): void {
    this.calls = this.calls.map((one) => (one.user === user ? { ...one, user: '' } : one));
    this.deeds = this.deeds.filter((one) => one.user !== user);
    this.roles.delete(user);
    for (const [visitor, heir] of this.heirs) if (heir === user) this.heirs.delete(visitor);
  }

  answer(user: string, type: string, now: number): Json {
    const calls = this.calls
      .filter(({ properties, receivedAt }) => typeOf(properties) === type && receivedAt <= now)
      .sort((one, other) => one.at - other.at || one.receivedAt - other.receivedAt);
    const groupOf = (one: string): Json => calls.findLast((call) => call.user === one)?.properties['groupId'] ?? null;
    const id = groupOf(user);
    const traits: Record<string, Json> = {};
    for (const { properties } of calls)
      if (properties['groupId'] === id) Object.assign(traits, properties, { groupId: undefined, groupType: undefined });
    const everybody = [...new Set(calls.map((call) => call.user))].filter((one) => one !== '');
    const members = id === null ? [] : everybody.filter((one) => groupOf(one) === id);
    const deeds = this.deeds.filter((deed) => members.includes(deed.user) && deed.receivedAt <= now);
    return {
      id,
      traits: JSON.parse(JSON.stringify(traits)) as Json,
      count: members.length,
      admins: members.filter((one) => this.roles.get(one) === 'admin').sort(),
      done: deeds.length,
      lately: deeds.filter(({ n, at }) => n >= 3 && at >= now - DAY).length,
      sum: deeds.reduce((sum, { n }) => sum + n, 0),
      first: deeds.length === 0 ? null : Math.min(...deeds.map(({ at }) => at)),
    };
  }
}
