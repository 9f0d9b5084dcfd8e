import { passes } from '../authoring/filter';
import type { CompiledStageRule, Lifecycle } from '../authoring/lifecycle';
import { ANY_EVENT_NAME, isDoneByUser } from '../model/activity';
import { mayHaveHappenedSince } from '../model/coarse-time';
import { declaredName } from '../model/shown-name';
import type { UserEvent } from '../model/state';
import { byOccurrence, byReceipt, note, type Draft } from './draft';
import { ageOf, ageOfDue, isBeforeImport } from './entry';

/** A change of stage that has been applied. `stage` is the new one. */
export interface ChangedStage {
  readonly stage: string;
  /** The event that changed it; null if time did. */
  readonly cause: UserEvent | null;
  /** How long before it became known the change happened, milliseconds. */
  readonly age: number;
  /** Imported history changed it, or time that was over when history was imported. */
  readonly isHistory: boolean;
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
  const causes: UserEvent[] = [];
  let cause: UserEvent | null = event;
  while (cause && changeByEvent(lifecycle, draft, cause, logicalTime)) {
    changes.push({ stage: draft.memory.stage, cause, age: ageOf(cause), isHistory: cause.history === true });
    causes.push(cause);
    cause = draft.stageChanges.length < MOST_CHANGES ? overtaking(lifecycle, draft, causes, seen()) : null;
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
  for (;;) {
    const over = changeByTime(lifecycle, draft, logicalTime);
    if (over === null) return changes;
    const isHistory = isBeforeImport(draft, over);
    changes.push({ stage: draft.memory.stage, cause: null, age: ageOfDue(draft, over), isHistory });
  }
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

/** The names of the events that change any stage. */
export function namesInRules({ rules }: Lifecycle): string[] {
  return rules.flatMap(({ when }) => (when.kind === 'event' && when.name !== ANY_EVENT_NAME ? [when.name] : []));
}

/** When a rule applies by time alone, epoch milliseconds; null when it doesn't, or not in the current stage. */
function dueAt(rule: CompiledStageRule, { memory, lastSeenAt }: Draft): number | null {
  if (!rule.from.includes(memory.stage) || rule.to === memory.stage) return null;
  const over = timeOver(rule, memory.stageSince, lastSeenAt);
  return over === null ? null : Math.max(over, memory.stageSince);
}

/** When the time of a rule is over, epoch milliseconds, whatever the stage was then; null if it does not apply by time. */
function timeOver({ when }: CompiledStageRule, stageSince: number, lastSeenAt: number): number | null {
  if (when.kind === 'event') return null;
  return (when.kind === 'inactive' ? lastSeenAt : stageSince) + when.ms;
}

/** Applies the first rule that is due. Returns when its time was over, epoch milliseconds; null when none is due. */
function changeByTime(lifecycle: Lifecycle, draft: Draft, logicalTime: number): number | null {
  for (const rule of lifecycle.rules) {
    const due = dueAt(rule, draft);
    if (due === null || due > logicalTime) continue;
    const over = timeOver(rule, draft.memory.stageSince, draft.lastSeenAt);
    changeStage(draft, rule.to, logicalTime, rule.when.kind === 'inactive' ? 'inactive' : 'time in stage');
    return over;
  }
  return null;
}

/** Applies the first rule that an event satisfies. Returns whether the stage changed. */
function changeByEvent(lifecycle: Lifecycle, draft: Draft, event: UserEvent, logicalTime: number): boolean {
  const rule = lifecycle.rules.find(
    ({ from, to, when }) =>
      when.kind === 'event' &&
      from.includes(draft.memory.stage) &&
      to !== draft.memory.stage &&
      satisfies(event, when, draft),
  );
  if (!rule) return false;
  changeStage(draft, rule.to, logicalTime, declaredName(event, rule.when.kind === 'event' ? [rule.when.name] : []));
  // The stage began with the import, however much later the user is first looked at.
  if (event.history) draft.memory.stageSince = Math.min(logicalTime, event.receivedAt);
  return true;
}

/**
 * The first event that leads out of the current stage, among those that were seen before the causes of the change although they
 * happened after them.
 */
function overtaking(
  lifecycle: Lifecycle,
  { memory }: Draft,
  causes: readonly UserEvent[],
  seen: readonly UserEvent[],
): UserEvent | null {
  const meant = lifecycle.rules.flatMap(({ from, to, when }) =>
    when.kind === 'event' && from.includes(memory.stage) && to !== memory.stage ? [when] : [],
  );
  const later = seen.filter(
    (other) => meant.some((when) => isMeant(other, when)) && causes.every((cause) => happenedAfter(other, cause)),
  );
  return later.sort(byOccurrence)[0] ?? null;
}

/** Did an event happen after another one? Where a time of whole seconds leaves it open, the one received later did. */
function happenedAfter(event: UserEvent, other: UserEvent): boolean {
  return byOccurrence(other, event) < 0 || (byReceipt(other, event) < 0 && mayHaveHappenedSince(event, other.at));
}

/**
 * Does an event satisfy a rule? Any activity counts only if it happened in the current stage, so a late event brings nobody
 * back, and neither does history.
 */
function satisfies(event: UserEvent, when: ByEvent, draft: Draft): boolean {
  if (when.name !== ANY_EVENT_NAME) return isMeant(event, when);
  return isDoneByUser(event) && !event.history && mayHaveHappenedSince(event, draft.memory.stageSince);
}

type ByEvent = Extract<CompiledStageRule['when'], { kind: 'event' }>;

/** Is it an event of this name that passes the filters? */
function isMeant(event: UserEvent, { name, filters = [] }: ByEvent): boolean {
  return event.name === name && passes(filters, event);
}

function changeStage(draft: Draft, to: string, logicalTime: number, reason: string): void {
  draft.stageChanges.push({ at: logicalTime, from: draft.memory.stage, to, reason });
  draft.memory.stage = to;
  draft.memory.stageSince = logicalTime;
  note(draft, { journey: null, step: null, what: `stage ${to}`, reason }, logicalTime);
}
