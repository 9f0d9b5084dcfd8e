import { definitionsOf, eventText, isOneOf, type EventDefinition } from '../authoring/event';
import type { AskedEvents, Did, DoneEvent, EventsDone, Within } from '../authoring/did';
import type { GroupOf } from '../authoring/groups';
import { valueAt } from '../authoring/filter';
import { DEFAULT_GROUP_TYPE } from '../model/group';
import { ANY_EVENT_NAME } from '../model/activity';
import { endedJourney } from '../model/ended';
import { toMs } from '../model/duration';
import { forgetInEvent, withoutSecrets } from '../model/forgetting';
import { copyOf, type Json, type JsonObject } from '../model/json';
import { traitChangedBy } from '../model/trait-change';
import type { History, UserEvent } from '../model/state';
import { daysBefore, localMoment } from '../model/zone';
import { byOccurrence } from './draft';
import { Groups, type GroupsAsked } from './groups';
import { knownAt, MissingHistoryError, occurrence, reaching, recorded } from './history';

/** The most events that `list` gives, so that a journal stays small. */
const LISTED = 100;

/** The user of whom a step asks, and the time. Times are epoch milliseconds. */
export interface Asked extends GroupsAsked {
  readonly history: Pick<History, 'events' | 'names' | 'asked' | 'groups'>;
  /** The time zone of the days and times in the answers. */
  readonly zone: string;
  /** Events that became known later are left out. */
  readonly logicalTime: number;
  readonly wallTime: number;
}

/** Finds the events of a name from a time on, epoch milliseconds. */
type Source = (name: string, since: number) => readonly UserEvent[];

interface Search {
  readonly events: readonly EventDefinition<unknown>[];
  /** The question in the facts: `did(Order Placed)`. */
  readonly text: string;
  readonly source: Source;
  /** The events are those of the user. */
  readonly areOwn: boolean;
}

/** What one step asks about a user: their events, and their groups. Each answer is noted in `read`. */
export class Questions {
  /** By name, from when on events are missing. */
  private readonly missing = new Map<string, number>();
  private readonly groups: Groups;

  constructor(
    private readonly asked: Asked,
    private readonly read: JsonObject,
  ) {
    this.groups = new Groups(asked, read);
    this.group = this.groups.group;
  }

  /** Answers about a group that the user belongs to. */
  readonly group: GroupOf;

  /** Answers what the user did. While events are missing, it answers as if there were none. */
  readonly did: Did = (event) => {
    const events = definitionsOf(event);
    if (events.some(({ name }) => endedJourney(name) !== null))
      throw new TypeError('did: the end of a journey is not stored: wait for it.');
    if (events.some(({ name }) => name === ANY_EVENT_NAME))
      throw new TypeError('did: any activity (*) is not kept as such. Name an event, or read user.lastSeenAt.');
    if (events.some(({ name }) => traitChangedBy(name) !== null))
      throw new TypeError(
        'did: changes of traits are only kept from when a journey watches the trait. Read user.traits.',
      );
    const text = `did(${events.map(eventText).join(' or ')})`;
    const own: Search = { events, text, source: (name, since) => this.named(name, since), areOwn: true };
    const of = (type = DEFAULT_GROUP_TYPE): EventsDone => {
      const source: Source = (name, since) => this.groups.eventsOf(type, name, since);
      return this.about({ events, text: `${text}.of(${type})`, source, areOwn: false });
    };
    // The events have the names of those asked for, so they are their occurrences.
    return Object.assign(this.about(own), { of }) as AskedEvents<never>;
  };

  /**
   * Requests all events that were missing, at once.
   * @throws {MissingHistoryError} when any were
   */
  requireAll(): void {
    if (this.missing.size === 0) return this.groups.requireAll();
    throw new MissingHistoryError({ kind: 'asked', since: Object.fromEntries(this.missing) });
  }

  private about({ text, areOwn, ...search }: Search): EventsDone {
    const { zone, logicalTime } = this.asked;
    const find = ({ within }: Within = {}): readonly UserEvent[] =>
      this.find(search, within === undefined ? Infinity : toMs(within));
    const days = (options?: Within): string[] => [
      ...new Set(find(options).map(({ at }) => localMoment(at, zone).date)),
    ];
    const seen = (event: UserEvent): DoneEvent => ({
      ...occurrence(recorded(event)),
      local: localMoment(event.at, zone),
    });
    const answer = <Answer>(
      question: string,
      value: Answer,
      { within }: Within = {},
      noted: unknown = value,
    ): Answer => {
      this.read[`${text}.${question}${within ? ` within ${within}` : ''}`] = copyOf(noted) as Json;
      return value;
    };
    const list = (options?: Within): DoneEvent[] => {
      const listed = find(options).slice(-LISTED).map(seen);
      // The properties of so many events would make the journal large.
      return answer('list', listed, options, listed.map(when));
    };
    // The properties of an event of somebody else are not kept with the facts about this user.
    // Nor is what is forgotten.
    const single = (question: string, event: UserEvent | undefined): DoneEvent | null => {
      if (!event) return answer(question, null);
      const found = seen(event);
      return answer(question, found, {}, areOwn ? { ...found, ...withoutSecrets(recorded(event)) } : when(found));
    };
    return {
      count: (options) => answer('count', find(options).length, options),
      sum: (property, options) => answer(`sum ${property}`, sum(find(options), property), options),
      days: (options) => answer('days', days(options).sort(), options),
      streak: () => answer('streak', streak(new Set(days()), localMoment(logicalTime, zone).date)),
      list,
      get first() {
        return single('first', find()[0]);
      },
      get last() {
        return single('last', find().at(-1));
      },
    };
  }

  /** The events that are meant, in the order they happened. */
  private find({ events, source }: Pick<Search, 'events' | 'source'>, withinMs: number): readonly UserEvent[] {
    const { logicalTime, wallTime } = this.asked;
    const since = Math.max(0, logicalTime - withinMs);
    const names = [...new Set(events.map(({ name }) => name))];
    return names
      .flatMap((name) => source(name, since))
      .map((event) => forgetInEvent(event, wallTime))
      .filter((event) => event.at >= since && knownAt(event, wallTime) <= logicalTime && isOneOf(event, events))
      .sort(byOccurrence);
  }

  private named(name: string, since: number): readonly UserEvent[] {
    const { names, events, asked = {} } = this.asked.history;
    if (names === null) return events.filter((event) => event.name === name);
    const known = reaching(asked, name, since);
    if (known) return known;
    this.missing.set(name, Math.min(since, this.missing.get(name) ?? since));
    return [];
  }
}

function when({ local }: DoneEvent): string {
  return `${local.date} ${local.time}`;
}

/** The sum of a property over the events. What is not a number counts as 0. */
function sum(events: readonly UserEvent[], property: string): number {
  return events.reduce((total, { properties }) => {
    const value = valueAt(properties, property);
    return typeof value === 'number' ? total + value : total;
  }, 0);
}

/** The number of days running up to today, or up to yesterday if today is still missing. */
function streak(days: ReadonlySet<string>, today: string): number {
  let day = days.has(today) ? today : daysBefore(today, 1);
  let length = 0;
  for (; days.has(day); day = daysBefore(day, 1)) length++;
  return length;
}
