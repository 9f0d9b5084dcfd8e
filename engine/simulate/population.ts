import { IANAZone } from 'luxon';
import { toMs, type Duration } from '../model/duration';
import { refuseMissing, type EventDefinition } from '../authoring/event';
import type { Json, JsonObject } from '../model/json';
import type { ChannelName } from '../model/state';
import type { ReportedBy } from './receipts';

/*
 * Made-up people, as a team describes them: personas with their habits.
 * Every chance, rate and part is a number from 0 to 1.
 */

/** A behavior: something that people do during a visit. */
export interface Behavior {
  readonly event: EventDefinition<unknown>;
  /** The chance at each visit. */
  readonly chance: number;
  /** The properties of the event; `time` is 1 the first time a person does it. Default: the example of the event. */
  readonly properties?: (time: number) => JsonObject;
  /** The most times that a person does it. Default: no limit. */
  readonly most?: number;
  /** Events that follow without the person, one after the other, with the same properties. */
  readonly then?: readonly Consequence[];
}

/**
 * An event that follows a behavior by itself, such as the preparation of an order. If it fails to occur, so do all
 * later ones.
 */
export interface Consequence {
  readonly event: EventDefinition<unknown>;
  readonly chance: number;
  /** The shortest and the longest time after the previous event. */
  readonly after: readonly [Duration, Duration];
}

/** How people react to messages, as shares of those delivered. A message in the app is seen at the next visit. */
export interface Reaction {
  /** Those who open the message, including those below. */
  readonly open: number;
  /** Those who open the message and follow the link, which is a visit. */
  readonly click: number;
  /** Those who open the message, don't click, and opt out of the channel. */
  readonly optOut: number;
  /** The chance that a click leads to the event that the journey awaits, if it is among their behaviors. */
  readonly does: number;
  /** The mean time until they open it. They open nothing while they are asleep. */
  readonly after: Duration;
  /** The share of people whose address is dead: each message to it comes back for good. Default: 0. */
  readonly bounce?: number;
}

/** A persona: one kind of people. */
export interface Persona {
  /** The share of people with this persona, relative to the other personas. */
  readonly share: number;
  readonly visitsPerWeek: number;
  /**
   * The weight of a visit in an hour of the local week, relative to the other hours; 0 means asleep. `hour` is 0 to 23,
   * `weekday` 1 is Monday.
   */
  readonly hours: (hour: number, weekday: number) => number;
  readonly does: readonly Behavior[];
  /** The chance that a channel reaches them. A channel that is left out never does. */
  readonly reach: Readonly<Partial<Record<ChannelName, number>>>;
  readonly reactions: Readonly<Partial<Record<ChannelName, Reaction>>>;
  readonly churn: {
    /** The chance, each week, that they stop visiting by themselves. */
    readonly perWeek: number;
    /** What some of them do when they stop; they do nothing afterwards. */
    readonly farewell?: Pick<Behavior, 'event' | 'chance'>;
    /** The part of their reaction rates that is left once they have stopped. A click brings them back. */
    readonly opens: number;
  };
}

/** The options of `population`. */
export interface PopulationOptions {
  /** The personas, by name. */
  readonly kinds: Readonly<Record<string, Persona>>;
  /** The share of people in each IANA time zone, relative to the other zones. */
  readonly zones: Readonly<Record<string, number>>;
  /** The events of their arrival. */
  readonly arrive: readonly EventDefinition<unknown>[];
  /** The period from the start over which they arrive evenly. It ends with the simulation at the latest. */
  readonly over: Duration;
  /** Their traits besides `timezone`. `kind` is the name of the persona. Default: none. */
  readonly traits?: (person: { readonly number: number; readonly kind: string }) => JsonObject;
  /**
   * What the providers of channels report, by channel: `{ push: ['delivered', 'clicked'] }`. Journeys see nothing else of what becomes of a
   * message. Default: what is usual for the channel; the report says it.
   */
  readonly receipts?: ReportedBy;
  /** The answer of a `call`, which is never made in a simulation. Default: null. */
  readonly answer?: (call: { readonly journey: string; readonly step: string }) => Json;
}

/** The people of a simulation, as `population` describes them. */
export interface Population extends Required<PopulationOptions> {
  readonly kind: 'population';
}

/**
 * Describes the people of a simulation.
 * @throws {TypeError} when a chance, share, time zone, duration or event is not valid; it names which
 */
export function population(options: PopulationOptions): Population {
  const { kinds, zones, over } = options;
  demand(
    Object.keys(kinds).length > 0 && Object.keys(zones).length > 0,
    'expected at least one kind and one time zone',
  );
  for (const [name, persona] of Object.entries(kinds)) checkPersona(name, persona);
  for (const [zone, share] of Object.entries(zones)) {
    demand(IANAZone.isValidZone(zone), `'${zone}' is not an IANA time zone`);
    demand(share > 0, `the share of '${zone}' must be above 0`);
  }
  options.arrive.forEach(refuseMissing);
  toMs(over);
  return { kind: 'population', traits: () => ({}), receipts: {}, answer: () => null, ...options };
}

function checkPersona(name: string, { share, visitsPerWeek, does, reach, reactions, churn }: Persona): void {
  demand(share > 0, `the share of '${name}' must be above 0`);
  demand(
    visitsPerWeek >= 0 && visitsPerWeek <= MOST_VISITS,
    `visitsPerWeek of '${name}' must be from 0 to ${MOST_VISITS}, not ${visitsPerWeek}`,
  );
  const { farewell = { chance: 0 }, perWeek, opens } = churn;
  const chances = [...does, ...does.flatMap(({ then = [] }) => then), farewell].map(({ chance }) => chance);
  for (const chance of [...chances, ...Object.values(reach).filter(isGiven), perWeek, opens]) checkChance(name, chance);
  for (const { after } of does.flatMap(({ then = [] }) => then)) after.forEach(toMs);
  if ('event' in farewell) refuseMissing(farewell.event);
  for (const { event, then = [] } of does) [event, ...then.map((next) => next.event)].forEach(refuseMissing);
  for (const { event, properties, then = [] } of does)
    for (const sent of [event, ...then.map((next) => next.event)])
      demand(
        fits(sent, properties?.(1) ?? event.example),
        `properties of '${name}' must pass the schema of '${sent.name}'`,
      );
  for (const { open, click, optOut, does: acts, after, bounce = 0 } of Object.values(reactions).filter(isGiven)) {
    for (const chance of [open, click, optOut, acts, bounce]) checkChance(name, chance);
    demand(click + optOut <= open, `click and optOut of '${name}' must not add up to more than open`);
    toMs(after);
  }
}

function isGiven<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

/** Do the properties pass the event's schema? The API refuses them otherwise. */
function fits({ schema }: EventDefinition<unknown>, properties: JsonObject): boolean {
  const result = schema?.['~standard'].validate(properties);
  return result === undefined || result instanceof Promise || !result.issues;
}

/** About one visit every ten minutes. */
const MOST_VISITS = 1_000;

function checkChance(name: string, chance: number): void {
  demand(chance >= 0 && chance <= 1, `a chance of '${name}' must be from 0 to 1, not ${chance}`);
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new TypeError(`population: ${otherwise}.`);
}
