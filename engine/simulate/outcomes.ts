import type { StepKind, StepRecord } from '../model/state';

/** The steps whose outcome tells one way through a journey from another. */
const TELLING: readonly StepKind[] = ['waitFor', 'check', 'experiment', 'send', 'exit'];

/** What a step came out as: the event or `timeout`, yes or no, the variant, why a message was sent or not; null while open. */
export function decided({ kind, status, outcome, reason }: StepRecord): string | null {
  if (status !== 'done' || !TELLING.includes(kind)) return null;
  return kind === 'experiment' && typeof outcome === 'string' ? outcome : reason;
}
