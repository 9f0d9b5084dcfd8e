import type { CompiledStageRule, Lifecycle } from '../authoring/lifecycle';
import { ANY_EVENT_NAME, declaredName, isDoneByUser } from '../model/activity';
import type { UserEvent } from '../model/state';
import { byOccurrence, note, type Draft } from './draft';

/** A change of stage that has been applied. `stage` is the new one. */
export interface ChangedStage {
  readonly stage: string;
  /** The event that changed it; null if time did. */
  readonly cause: UserEvent | null;
}

/**
 * Stage changes of one advance beyond which events that overtook another are not considered again. Otherwise a request with
 * thousands of events in reverse order could cause millions of changes.
 */
const MOST_CHANGES = 1_000;

/**
 * Changes the stage by an event, then by the events that were seen before it although they happened after it. So an event that
 * arrives late changes the stage as if it had arrived in time.
 * @param logicalTime epoch milliseconds
 * @param seen returns the events seen so far. It is called only when the stage has changed
 * @returns the changes, in order
 */
export function changeStagesByEvent(
  lifecycle: Lifecycle,
  draft: Draft,
  event: UserEvent,
  logicalTime: number,
  seen: () => readonly UserEvent[],
): ChangedStage[] {
  const changes: ChangedStage[] = [];
  let cause: UserEvent | null = event;
  while (cause && changeByEvent(lifecycle, draft, cause, logicalTime)) {
    changes.push({ stage: draft.memory.stage, cause });
    cause = draft.stageChanges.length < MOST_CHANGES ? overtaking(lifecycle, draft, cause, seen()) : null;
  }
  return changes;
}

/**
 * Changes the stage by the passing of time, as often as rules are due.
 * @param logicalTime epoch milliseconds
 * @returns the changes, in order
 */
export function changeStagesByTime(lifecycle: Lifecycle, draft: Draft, logicalTime: number): ChangedStage[] {
  const changes: ChangedStage[] = [];
  while (changeByTime(lifecycle, draft, logicalTime)) changes.push({ stage: draft.memory.stage, cause: null });
  return changes;
}

/**
 * When time alone will next change the stage, epoch milliseconds.
 * @returns null when it never will
 */
export function nextStageDue(lifecycle: Lifecycle, draft: Draft): number | null {
  const due = lifecycle.rules.map((rule) => dueAt(rule, draft)).filter((at) => at !== null);
  return due.length > 0 ? Math.min(...due) : null;
}

/** The names of the events that change this stage. */
export function stageEvents(lifecycle: Lifecycle, stage: string): string[] {
  return lifecycle.rules.flatMap(({ from, when }) =>
    when.kind === 'event' && from.includes(stage) ? [when.name] : [],
  );
}

/** When a rule applies by time alone, epoch milliseconds; null when it doesn't, or not in the current stage. */
function dueAt({ from, to, when }: CompiledStageRule, draft: Draft): number | null {
  if (!from.includes(draft.memory.stage) || to === draft.memory.stage) return null;
  if (when.kind === 'inactive') return Math.max(draft.lastSeenAt + when.ms, draft.memory.stageSince);
  return when.kind === 'after' ? draft.memory.stageSince + when.ms : null;
}

/** Applies the first rule that is due. Returns whether the stage changed. */
function changeByTime(lifecycle: Lifecycle, draft: Draft, logicalTime: number): boolean {
  for (const rule of lifecycle.rules) {
    const due = dueAt(rule, draft);
    if (due === null || due > logicalTime) continue;
    changeStage(draft, rule.to, logicalTime, rule.when.kind === 'inactive' ? 'inactive' : 'time in stage');
    return true;
  }
  return false;
}

/** Applies the first rule that an event satisfies. Returns whether the stage changed. */
function changeByEvent(lifecycle: Lifecycle, draft: Draft, event: UserEvent, logicalTime: number): boolean {
  const rule = lifecycle.rules.find(
    ({ from, to, when }) =>
      when.kind === 'event' &&
      from.includes(draft.memory.stage) &&
      to !== draft.memory.stage &&
      satisfies(event, when.name, draft),
  );
  if (!rule) return false;
  changeStage(draft, rule.to, logicalTime, declaredName(event, rule.when.kind === 'event' ? [rule.when.name] : []));
  return true;
}

/**
 * The first event that leads out of the current stage, among those that were seen before `event` although they happened after
 * it.
 */
function overtaking(
  lifecycle: Lifecycle,
  { memory }: Draft,
  event: UserEvent,
  seen: readonly UserEvent[],
): UserEvent | null {
  const names = lifecycle.rules.flatMap(({ from, to, when }) =>
    when.kind === 'event' && from.includes(memory.stage) && to !== memory.stage ? [when.name] : [],
  );
  const later = seen.filter((other) => names.includes(other.name) && byOccurrence(event, other) < 0);
  return later.sort(byOccurrence)[0] ?? null;
}

/**
 * Does an event satisfy a rule? Any activity counts only if it happened in the current stage, so a late event brings nobody
 * back.
 */
function satisfies(event: UserEvent, name: string, draft: Draft): boolean {
  if (name !== ANY_EVENT_NAME) return event.name === name;
  return isDoneByUser(event) && event.at >= draft.memory.stageSince;
}

function changeStage(draft: Draft, to: string, logicalTime: number, reason: string): void {
  draft.stageChanges.push({ at: logicalTime, from: draft.memory.stage, to, reason });
  draft.memory.stage = to;
  draft.memory.stageSince = logicalTime;
  note(draft, { journey: null, step: null, what: `stage ${to}`, reason }, logicalTime);
}
