import type { WaitingRecord } from '../../model/state';
import type { StepContext } from '../context';
import type { Progress, Waiting } from './step-type';

/**
 * When a wait ends, counted from its recorded start. A deadline that differs from the recorded one was changed by an edit, and
 * then can't lie in the past: what is overdue is due now, not retroactively.
 */
export function deadline(context: StepContext, record: WaitingRecord, computed: number): number {
  return context.entering || computed === record.until ? computed : Math.max(computed, context.wallTime);
}

/** Waits until a time, then goes on without an outcome. */
export function waitUntil(context: StepContext, waiting: Waiting & { readonly until: number }): Progress {
  const { until, reason, facts = {} } = waiting;
  return context.logicalTime >= until ? { done: { outcome: null, reason, facts } } : { waiting };
}
