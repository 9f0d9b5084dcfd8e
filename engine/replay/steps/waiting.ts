import type { WaitingRecord } from '../../model/state';
import type { StepContext } from '../context';
import type { Progress, Waiting } from './step-type';

/**
 * When a wait ends, epoch milliseconds, counted from its recorded start. If an edit changed the deadline, an overdue wait ends at
 * wall time, not retroactively.
 * @param computed the deadline that the code gives, epoch milliseconds
 */
export function deadline(context: StepContext, record: WaitingRecord, computed: number): number {
  return context.entering || computed === record.until ? computed : Math.max(computed, context.wallTime);
}

/** Waits until a time, and then goes on with the outcome null. */
export function waitUntil(context: StepContext, waiting: Waiting): Progress {
  const { until, reason, facts = {} } = waiting;
  return until !== null && context.logicalTime >= until ? { done: { outcome: null, reason, facts } } : { waiting };
}
