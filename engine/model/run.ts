import type { Call, Run, StepRecord, WaitingRecord } from './state';

/** What let the user enter, as text for people. To the journey's code, a start looks like the trigger. */
export function enteredBy({ trigger, startedBy }: Pick<Run, 'trigger' | 'startedBy'>): string {
  return startedBy ? `started by ${startedBy.journey}` : trigger.name;
}

/** Is the user still inside this run? A parked run counts, since it resumes under other definitions. */
export function isOpen({ status }: Pick<Run, 'status'>): boolean {
  return status === 'active' || status === 'failed';
}

/**
 * The record of the step a run waits in.
 * @returns undefined when the run waits in no step: it has ended, or was just entered
 */
export function waitingRecord({ journal }: Pick<Run, 'journal'>): WaitingRecord | undefined {
  return journal.find((record) => record.status === 'waiting');
}

/**
 * The calls an active run has asked for that have no answer yet. A call that a pause holds is not among them, since no user
 * takes a further step during a pause.
 */
export function openCalls({ id, journey, status, journal }: Run): Call[] {
  if (status !== 'active') return [];
  return journal.flatMap((record) =>
    record.status === 'waiting' && record.awaitsAnswer && record.hold === null
      ? [{ runId: id, journey, step: record.step }]
      : [],
  );
}

/** What a record says to whoever may see the user's data. */
export function shownReason(record: StepRecord): string {
  return record.status === 'done' ? (record.figure ?? record.reason) : record.reason;
}

/** Is it the same wait to people? A message that is still held is, whenever it will be decided again. */
export function isSameWait(before: WaitingRecord, after: WaitingRecord): boolean {
  if (before.kind !== after.kind || before.hold !== after.hold) return false;
  const isRetimed = after.hold === null && before.until !== after.until;
  return !isRetimed && before.awaits.join('\n') === after.awaits.join('\n');
}
