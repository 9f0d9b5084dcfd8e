import { byOccurrence, note, type Draft } from './draft';
import { ANY_EVENT_NAME } from '../authoring/event';
import { declaredName, isDoneByUser } from './history';
import type { CompiledStageRule, Lifecycle } from '../authoring/lifecycle';
import type { UserEvent } from '../model/state';

/** When a rule applies by the passing of time alone; null when it doesn't, or not in the present stage. */
function dueAt({ from, to, when }: CompiledStageRule, draft: Draft): number | null {
  if (!from.includes(draft.memory.stage) || to === draft.memory.stage) return null;
  if (when.kind === 'inactive') return Math.max(draft.lastSeenAt + when.ms, draft.memory.stageSince);
  return when.kind === 'after' ? draft.memory.stageSince + when.ms : null;
}

/** The next moment at which time alone changes the stage; null for never. */
export function nextStageDue(lifecycle: Lifecycle, draft: Draft): number | null {
  const due = lifecycle.rules.map((rule) => dueAt(rule, draft)).filter((at) => at !== null);
  return due.length > 0 ? Math.min(...due) : null;
}

/** Applies the first rule that is due at the moment. Answers whether the stage changed. */
export function changeStageByTime(lifecycle: Lifecycle, draft: Draft, logicalTime: number): boolean {
  for (const rule of lifecycle.rules) {
    const due = dueAt(rule, draft);
    if (due === null || due > logicalTime) continue;
    changeStage(draft, rule.to, logicalTime, rule.when.kind === 'inactive' ? 'inactive' : 'time in stage');
    return true;
  }
  return false;
}

/** Applies the first rule an event satisfies. Answers whether the stage changed. */
export function changeStageByEvent(lifecycle: Lifecycle, draft: Draft, event: UserEvent, logicalTime: number): boolean {
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
 * Of the events seen before this one although they happened after it, the first that leads out of the present stage; null for
 * none. So an event that arrives late changes the stage as if it had arrived in time.
 */
export function overtaking(
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

/** Any activity counts only if it happened in the present stage: an old event that arrives late doesn't bring a user back. */
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

/** Event names that would change the present stage. */
export function stageEvents(lifecycle: Lifecycle, stage: string): string[] {
  return lifecycle.rules.flatMap(({ from, when }) =>
    when.kind === 'event' && from.includes(stage) ? [when.name] : [],
  );
}
