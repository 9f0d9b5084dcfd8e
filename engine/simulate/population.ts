import { IANAZone } from 'luxon';
import { toMs, type Duration } from '../model/duration';
import type { EventDefinition } from '../authoring/event';
import type { Json, JsonObject } from '../model/json';
import type { ChannelName } from '../model/state';

/*
 * People who don't exist, as a team describes them: kinds of people with their habits. A chance, a rate and a part is a number
 * from 0 to 1.
 */

/** Something people do during a visit. */
export interface Behavior {
  readonly event: EventDefinition<unknown>;
  /** Chance at each visit. */
  readonly chance: number;
  /** Of the first, second, … time somebody does it. Default: the example of the event. */
  readonly properties?: (time: number) => JsonObject;
  /** Not more often than this in a life. */
  readonly most?: number;
  /** What comes of it without them, one after the other, with the same properties. */
  readonly then?: readonly Consequence[];
}

/** What follows a deed by itself: an order is prepared. Where its chance fails, nothing after it follows either. */
export interface Consequence {
  readonly event: EventDefinition<unknown>;
  readonly chance: number;
  /** How long after the one before, at the least and at the most. */
  readonly after: readonly [Duration, Duration];
}

/** What people do about a message, as shares of those delivered. One in the app is seen at the next visit. */
export interface Reaction {
  readonly open: number;
  /** Those who open and follow the link; that is a visit. */
  readonly click: number;
  /** Those who open, don't click, and want no more by this channel. */
  readonly optOut: number;
  /** Chance that a click leads to what the journey waits for, where that is a deed of theirs. */
  readonly does: number;
  /** How long it takes them on average to open it; while they sleep nothing is opened. */
  readonly after: Duration;
}

/** One kind of people. */
export interface Persona {
  /** How many are so, against the other kinds. */
  readonly share: number;
  readonly visitsPerWeek: number;
  /** How likely a visit is in an hour of the local week, against the others; 0 is asleep. `weekday` 1 is Monday, `hour` 0 to 23. */
  readonly hours: (hour: number, weekday: number) => number;
  readonly does: readonly Behavior[];
  /** Chance that they can be reached by a channel. One left out can't be used. */
  readonly reach: Readonly<Partial<Record<ChannelName, number>>>;
  readonly reactions: Readonly<Partial<Record<ChannelName, Reaction>>>;
  readonly churn: {
    /** Chance, each week, that they stop coming by themselves. */
    readonly perWeek: number;
    /** What some of them do when they stop; it is the last they do. */
    readonly farewell?: Pick<Behavior, 'event' | 'chance'>;
    /** Of their open rate, what is left when they have stopped. A click brings them back. */
    readonly opens: number;
  };
}

/** Who people are, by options. */
export interface PopulationOptions {
  readonly kinds: Readonly<Record<string, Persona>>;
  /** IANA time zones, and how many live in each, against the others. */
  readonly zones: Readonly<Record<string, number>>;
  /** What they do when they arrive. */
  readonly arrive: readonly EventDefinition<unknown>[];
  /** They arrive evenly over this span from the begin, or over all that is simulated where that is less. */
  readonly over: Duration;
  /** Their traits beside the time zone. */
  readonly traits?: (person: { readonly number: number; readonly kind: string }) => JsonObject;
  /** Stands in for a `call`, which is never made here. Default: null. */
  readonly answer?: (call: { readonly journey: string; readonly step: string }) => Json;
}

/** Who people are. */
export interface Population extends Required<PopulationOptions> {
  readonly kind: 'population';
}

/**
 * Describes the people of a simulation.
 * @throws {TypeError} naming what is no chance, share, zone or duration
 */
export function population(options: PopulationOptions): Population {
  const { kinds, zones, over } = options;
  demand(Object.keys(kinds).length > 0 && Object.keys(zones).length > 0, 'there are no kinds or no zones');
  for (const [name, kind] of Object.entries(kinds)) checkKind(name, kind);
  for (const [zone, share] of Object.entries(zones)) {
    demand(IANAZone.isValidZone(zone), `'${zone}' is no time zone`);
    demand(share > 0, `the share of ${zone} must be more than 0`);
  }
  toMs(over);
  return { kind: 'population', traits: () => ({}), answer: () => null, ...options };
}

function checkKind(name: string, { share, visitsPerWeek, does, reach, reactions, churn }: Persona): void {
  demand(share > 0, `the share of '${name}' must be more than 0`);
  demand(visitsPerWeek >= 0 && visitsPerWeek <= MOST_VISITS, `'${name}' can't visit ${visitsPerWeek} times a week`);
  const { farewell = { chance: 0 }, perWeek, opens } = churn;
  const chances = [...does, ...does.flatMap(({ then = [] }) => then), farewell].map(({ chance }) => chance);
  for (const chance of [...chances, ...Object.values(reach), perWeek, opens]) checkChance(name, chance);
  for (const { after } of does.flatMap(({ then = [] }) => then)) after.forEach(toMs);
  for (const { event, properties, then = [] } of does)
    for (const told of [event, ...then.map((next) => next.event)])
      demand(
        fits(told, properties?.(1) ?? event.example),
        `what '${name}' do does not pass the schema of '${told.name}'`,
      );
  for (const { open, click, optOut, does: acts, after } of Object.values(reactions)) {
    for (const chance of [open, click, optOut, acts]) checkChance(name, chance);
    demand(click + optOut <= open, `of '${name}' more click or opt out than open`);
    toMs(after);
  }
}

/** The API refuses an event whose properties don't pass. */
function fits({ schema }: EventDefinition<unknown>, properties: JsonObject): boolean {
  const result = schema?.['~standard'].validate(properties);
  return result === undefined || result instanceof Promise || !result.issues;
}

/** A visit every ten minutes. */
const MOST_VISITS = 1_000;

function checkChance(name: string, chance: number): void {
  demand(chance >= 0 && chance <= 1, `${chance} is no chance (of '${name}'): it is a number from 0 to 1`);
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new TypeError(`population: ${otherwise}.`);
}
