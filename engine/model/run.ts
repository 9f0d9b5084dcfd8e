import type { Call, Run, WaitingRecord } from './state';

/** Is the user inside? A parked run counts: it resumes under other definitions. */
export function isOpen({ status }: Pick<Run, 'status'>): boolean {
  return status === 'active' || status === 'failed';
}

/** The step a run is in; undefined where it waits for nothing, as when it has ended or was just entered. */
export function waitingRecord({ journal }: Pick<Run, 'journal'>): WaitingRecord | undefined {
  return journal.find((record) => record.status === 'waiting');
}

/**
 * The calls a run has asked for and that have no answer yet. A call that a pause holds was not asked for: nobody takes a
 * further step in a pause.
 */
export function openCalls({ id, journey, status, journal }: Run): Call[] {
  if (status !== 'active') return [];
  return journal.flatMap((record) =>
    record.status === 'waiting' && record.awaitsAnswer && record.hold === null
      ? [{ runId: id, journey, step: record.step }]
      : [],
  );
}
