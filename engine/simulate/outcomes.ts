import { shownReason } from '../model/run';
import type { StepRecord } from '../model/state';
import { stepType } from '../replay/steps';

/**
 * The outcome of a step, as reports count it: the event or `timeout`, yes or no, the variant, or why a message was sent
 * or not.
 * @returns null while the step is open, was skipped, or is of a kind with outcomes that don't tell paths apart
 */
export function decided(record: StepRecord): string | null {
  const { figure } = stepType(record.kind);
  if (record.status !== 'done' || figure === null) return null;
  return figure === 'outcome' && typeof record.outcome === 'string' ? record.outcome : shownReason(record);
}
