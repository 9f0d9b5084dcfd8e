import { drive, type OnStep } from './drive';
import type { CallContext, Journey } from './journey';
import type { Json } from './json';
import type { Run } from './state';
import { answerOf } from './steps/handler';

/** The function a `call` step wants to have called. */
export type Work = (context: CallContext) => Promise<Json>;

/**
 * Finds the function behind a run's open call, by running the journey's code over its journal up to that step.
 * Null when the code no longer gets there: an edit removed the step.
 */
export async function workOf(journey: Journey, run: Run, step: string): Promise<Work | null> {
  const journal = new Map(run.journal.map((record) => [record.step, record]));
  let work: Work | null = null;
  const onStep: OnStep = (name, handler, detail) => {
    if (name === step) {
      work = detail.work ?? null;
      return 'suspend';
    }
    const record = journal.get(name);
    return record && record.kind === handler.kind && record.status !== 'waiting'
      ? { value: answerOf(handler, record.outcome) }
      : 'suspend';
  };
  await drive(journey, run, onStep);
  return work;
}
