import type { Definitions } from '../definitions/definitions';
import type { Draft } from './draft';
import { enter, isInside } from './entry';
import type { Journey } from '../authoring/journey';
import { keyOf, recorded } from './history';
import { getOwn } from '../model/own-property';
import type { RecordedEvent, UserEvent } from '../model/state';

/** Lets the user enter every journey this event is the trigger of. */
export function enterByEvent({ journeys }: Definitions, draft: Draft, event: UserEvent, logicalTime: number): void {
  for (const journey of journeys) {
    const { enter: trigger } = journey;
    if (trigger.kind === 'event' && trigger.name === event.name) admit(draft, journey, recorded(event), logicalTime);
    if (trigger.kind === 'milestone' && trigger.event.name === event.name) {
      const count = getOwn(draft.memory.counts, event.name) ?? 0;
      if (trigger.counts.includes(count))
        admit(draft, journey, { ...recorded(event), properties: { ...event.properties, count } }, logicalTime);
    }
  }
}

function admit(draft: Draft, journey: Journey, trigger: RecordedEvent, logicalTime: number): void {
  const key = keyOf(journey, trigger);
  // A keyed journey can't be entered by an event without its key.
  if (journey.key !== null && key === undefined) return;
  enter(draft, { journey, trigger, key: key ?? null, since: trigger.at }, logicalTime);
}

/** Counts an event for the milestones. */
export function count({ journeys }: Definitions, draft: Draft, event: UserEvent): void {
  if (!milestoneNames(journeys).includes(event.name)) return;
  draft.memory.counts = { ...draft.memory.counts, [event.name]: (getOwn(draft.memory.counts, event.name) ?? 0) + 1 };
}

/** Names of the events any milestone counts. */
export function milestoneNames(journeys: readonly Journey[]): string[] {
  return [
    ...new Set(journeys.flatMap(({ enter: trigger }) => (trigger.kind === 'milestone' ? [trigger.event.name] : []))),
  ];
}

/**
 * Lets the user enter the journeys of the stage they just got into.
 * @param cause the event that changed the stage; null where time did. It tells changes of the same moment apart.
 */
export function enterByStage(
  { journeys }: Definitions,
  draft: Draft,
  logicalTime: number,
  cause: UserEvent | null,
): void {
  const { stage } = draft.memory;
  const id = `stage:${stage}:${logicalTime}${cause ? `:${cause.id}` : ''}`;
  for (const journey of journeys) {
    if (journey.enter.kind !== 'stage' || journey.enter.stage !== stage) continue;
    const trigger = { id, name: `stage ${stage}`, at: logicalTime, properties: {} };
    enter(draft, { journey, trigger, key: null, since: logicalTime, ...(cause && { cause: cause.id }) }, logicalTime);
  }
}

/** When silence will let the user enter a journey; null when it is not open to them, or this silence was used. */
export function inactivityDue(journey: Journey, draft: Draft): number | null {
  if (journey.enter.kind !== 'inactivity' || isInside(draft, journey, null)) return null;
  const last = getOwn(draft.memory.entries, journey.id);
  const due = draft.lastSeenAt + journey.enter.afterMs;
  if (!last) return due;
  if (journey.reenter === 'never' || last.trigger === silence(draft)) return null;
  return journey.reenter === 'always' ? due : Math.max(due, last.at + journey.reenter);
}

/** Has the user entered by the present silence, so that only the next one will let them enter again? */
export function silenceUsed(journey: Journey, draft: Draft): boolean {
  return journey.reenter !== 'never' && getOwn(draft.memory.entries, journey.id)?.trigger === silence(draft);
}

/** Lets the user enter the journeys whose span of silence is over. */
export function enterByInactivity({ journeys }: Definitions, draft: Draft, logicalTime: number): void {
  for (const journey of journeys) {
    const due = inactivityDue(journey, draft);
    if (due === null || due > logicalTime) continue;
    const trigger = { id: silence(draft), name: 'inactivity', at: draft.lastSeenAt, properties: {} };
    enter(draft, { journey, trigger, key: null, since: logicalTime }, logicalTime);
  }
}

function silence(draft: Draft): string {
  return `inactivity:${draft.lastSeenAt}`;
}
