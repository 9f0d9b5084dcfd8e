import type { Journey } from '../authoring/journey';
import { getOwn } from '../model/own-property';
import type { JsonObject } from '../model/json';
import type { Scheduled } from '../model/entries';
import type { UserEvent } from '../model/state';
import { IDENTIFY } from '../model/activity';
import type { Draft } from './draft';
import { type Admission } from './entry';
import { lastCounted } from './last-entry';

/*
 * A date or the calendar lets users enter by turns. What the turns are made of, the trait or the definition, becomes known at an
 * instant, and turns that were over by then let nobody enter. So the memory keeps what they were made of last, and since when.
 */

/** One time at which a trigger lets a user enter. */
export interface Turn {
  /** Tells it from the other turns of the trigger: the text of a local date, or an instant. */
  readonly id: string | number;
  /** Epoch milliseconds. It may lie in the past: the user has just flown past it, or a birthday was set on the day itself. */
  readonly at: number;
}

/** What the next turn depends on. Times are epoch milliseconds. */
export interface Prospect {
  readonly traits: JsonObject;
  /** What the turns are made of became known then. */
  readonly since: number;
  /** The turn before it, which has let the user enter or was refused. */
  readonly last: string | number | undefined;
  /** `reenter` allows no entry before. */
  readonly notBefore: number;
  readonly wallTime: number;
}

/** The turns of one trigger. */
export interface Schedule {
  /** The trait it reads; null if the turns are the same for every user. */
  readonly trait: string | null;
  /** What the turns are made of, as text that changes with them; null when the user has none. */
  madeOf(traits: JsonObject): string | null;
  /** The zone in which the turns come; null if they do not depend on the user's. */
  zoneOf(traits: JsonObject): string | null;
  /** The first turn that may let the user enter; null for none. */
  next(prospect: Prospect): Turn | null;
}

/** When the next turn comes, epoch milliseconds; at once, if what the turns are made of has changed. Null for never. */
export function turnDue(schedule: Schedule, journey: Journey, draft: Draft): number | null {
  return isKnown(schedule, journey, draft) ? (nextTurn(schedule, journey, draft)?.at ?? null) : draft.wallTime;
}

/**
 * The admission by a turn that has come, as a list.
 * @param name what the user entered by
 * @param logicalTime epoch milliseconds
 */
export function byTurn(
  schedule: Schedule,
  journey: Journey,
  name: string,
  draft: Draft,
  logicalTime: number,
): Admission[] {
  const turn = isKnown(schedule, journey, draft) ? nextTurn(schedule, journey, draft) : null;
  if (turn === null || turn.at > logicalTime) return [];
  const trigger = { id: `${name}:${turn.id}`, name, at: turn.at, properties: {} };
  return [{ journey, trigger, key: null, since: logicalTime, turn: turn.id }];
}

/**
 * Notes what the turns of a journey are made of, if that has changed. A change is noted for when it was received, or else for the
 * wall time; for a new user, from the first instant on.
 * @param arrived the events that arrive at this instant
 * @param logicalTime epoch milliseconds
 */
export function noteSchedule(
  schedule: Schedule,
  journey: Journey,
  draft: Draft,
  arrived: readonly UserEvent[],
  logicalTime: number,
): void {
  if (isKnown(schedule, journey, draft)) return;
  const before = scheduled(journey, draft);
  const isLast = !draft.unseen.some(setsTraits);
  const isFirst = before === undefined && (schedule.trait === null || (draft.isNew && isLast));
  const isTold = isLast && arrived.some(setsTraits);
  if (!isFirst && !isTold && logicalTime < draft.wallTime) return;
  const madeOf = schedule.madeOf(draft.traits);
  const zone = schedule.zoneOf(draft.traits);
  const now: Scheduled = {
    madeOf,
    since: before?.madeOf === madeOf ? before.since : logicalTime,
    ...(zone !== null && { zone: before?.zone?.name === zone ? before.zone : { name: zone, since: logicalTime } }),
    ...(before?.last !== undefined && { last: before.last }),
  };
  draft.memory.schedules = { ...draft.memory.schedules, [journey.id]: now };
}

function setsTraits({ name }: UserEvent): boolean {
  return name === IDENTIFY;
}

function scheduled(journey: Journey, { memory }: Draft): Scheduled | undefined {
  return getOwn(memory.schedules ?? {}, journey.id);
}

/** Does the memory say what the turns are made of now, and in which zone they come? */
function isKnown(schedule: Schedule, journey: Journey, draft: Draft): boolean {
  const { madeOf = null, zone } = scheduled(journey, draft) ?? {};
  const now = schedule.madeOf(draft.traits);
  return now === madeOf && (now === null || (zone?.name ?? null) === schedule.zoneOf(draft.traits));
}

function nextTurn(schedule: Schedule, journey: Journey, draft: Draft): Turn | null {
  const known = scheduled(journey, draft);
  const entered = lastCounted(draft, journey);
  const hasEntered = entered !== undefined;
  if (!known || known.madeOf === null || (hasEntered && journey.reenter === 'never')) return null;
  const { reenter } = journey;
  const notBefore = hasEntered && typeof reenter === 'number' ? entered + reenter : -Infinity;
  const { since, last, zone } = known;
  const turn = schedule.next({ traits: draft.traits, since, last, notBefore, wallTime: draft.wallTime });
  // Who flies past a turn comes to it on arrival.
  return turn && zone ? { ...turn, at: Math.max(turn.at, zone.since) } : turn;
}
