import type { Definitions } from '../definitions/definitions';
import type { Draft } from './draft';
import { enter, isInside } from './entry';
import type { Journey } from '../authoring/journey';
import { keyOf, recorded } from './history';
import { own } from '../model/own-property';
import type { RecordedEvent, UserEvent } from '../model/state';

/** Lets the user enter every journey this event is the trigger of. */
export function enterByEvent({ journeys }: Definitions, draft: Draft, event: UserEvent, moment: number): void {
  for (const journey of journeys) {
    const { enter: trigger } = journey;
    if (trigger.kind === 'event' && trigger.name === event.name) admit(draft, journey, recorded(event), moment);
    if (trigger.kind === 'milestone' && trigger.event.name === event.name) {
      const count = own(draft.memory.counts, event.name) ?? 0;
      if (trigger.counts.includes(count))
        admit(draft, journey, { ...recorded(event), properties: { ...event.properties, count } }, moment);
    }
  }
}

function admit(draft: Draft, journey: Journey, trigger: RecordedEvent, moment: number): void {
  const key = keyOf(journey, trigger);
  // A keyed journey can't be entered by an event without its key.
  if (journey.key !== null && key === undefined) return;
  enter(draft, { journey, trigger, key: key ?? null, since: trigger.at }, moment);
}

/** Counts an event for the milestones. */
export function count({ journeys }: Definitions, draft: Draft, event: UserEvent): void {
  if (!milestoneNames(journeys).includes(event.name)) return;
  draft.memory.counts = { ...draft.memory.counts, [event.name]: (own(draft.memory.counts, event.name) ?? 0) + 1 };
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
export function enterByStage({ journeys }: Definitions, draft: Draft, moment: number, cause: UserEvent | null): void {
  const { stage } = draft.memory;
  const id = `stage:${stage}:${moment}${cause ? `:${cause.id}` : ''}`;
  for (const journey of journeys) {
    if (journey.enter.kind !== 'stage' || journey.enter.stage !== stage) continue;
    const trigger = { id, name: `stage ${stage}`, at: moment, properties: {} };
    enter(draft, { journey, trigger, key: null, since: moment, ...(cause && { cause: cause.id }) }, moment);
  }
}

/** When silence will let the user enter a journey; null when it is not open to them, or this silence was used. */
export function inactivityDue(journey: Journey, draft: Draft): number | null {
  if (journey.enter.kind !== 'inactivity' || isInside(draft, journey, null)) return null;
  const last = own(draft.memory.entries, journey.id);
  const due = draft.lastSeenAt + journey.enter.afterMs;
  if (!last) return due;
  if (journey.reenter === 'never' || last.trigger === silence(draft)) return null;
  return journey.reenter === 'always' ? due : Math.max(due, last.at + journey.reenter);
}

/** Has the user entered by the present silence, so that only the next one will let them enter again? */
export function silenceUsed(journey: Journey, draft: Draft): boolean {
  return journey.reenter !== 'never' && own(draft.memory.entries, journey.id)?.trigger === silence(draft);
}

/** Lets the user enter the journeys whose span of silence is over. */
export function enterByInactivity({ journeys }: Definitions, draft: Draft, moment: number): void {
  for (const journey of journeys) {
    const due = inactivityDue(journey, draft);
    if (due === null || due > moment) continue;
    const trigger = { id: silence(draft), name: 'inactivity', at: draft.lastSeenAt, properties: {} };
    enter(draft, { journey, trigger, key: null, since: moment }, moment);
  }
}

function silence(draft: Draft): string {
  return `inactivity:${draft.lastSeenAt}`;
}
