import type { StepRecord } from '../model/state';
import { stepType } from '../replay/steps';

/**
 * What a step came out as, as figures count it: the event or `timeout`, yes or no, the variant, why a message was sent or not.
 * @returns null while the step is open, and where its outcome tells no way from another
 */
export function decided(record: StepRecord): string | null {
  const { figure } = stepType(record.kind);
  if (record.status !== 'done' || figure === null) return null;
  return figure === 'outcome' && typeof record.outcome === 'string' ? record.outcome : record.reason;
}
