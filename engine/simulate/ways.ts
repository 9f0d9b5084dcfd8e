import type { Run } from '../model/state';

/** A way from one step of a journey to the next. `from: null` is the entry. `to: null` is the end of the run. */
export interface Way {
  readonly journey: string;
  readonly from: string | null;
  readonly to: string | null;
  /**
   * Why the run ended without its code, such as an exit event. Empty where the code went on or returned, and where an exit step
   * ended the run.
   */
  readonly left: string;
}

/** Lists the ways that a run took. A run that is still inside a step has no way out of it. */
export function waysOf({ journey, journal, status, reason, endedBy }: Run): Way[] {
  const steps = journal.filter((record) => record.status !== 'skipped').map(({ step }) => step);
  const ways = steps.map((to, index) => ({ journey, from: steps[index - 1] ?? null, to, left: '' }));
  if (status === 'active') return ways;
  const ended = { journey, from: steps.at(-1) ?? null, to: null };
  const byItself = endedBy === 'returned' || endedBy === 'exit step';
  return [...ways, { ...ended, left: byItself ? '' : status === 'failed' ? `parked: ${reason}` : reason }];
}
