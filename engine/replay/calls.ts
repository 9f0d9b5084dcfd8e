import type { Draft } from '../user/draft';
import { replay, type OnStep } from './replay';
import { messageId } from '../model/ids';
import type { CallContext, Journey } from '../authoring/journey';
import { copyOf, type Json, type JsonObject } from '../model/json';
import type { Run } from '../model/state';
import { factsOf, trackReads } from './steps/decide';
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
  await replay(journey, run, onStep);
  return work;
}

/** What a function answered, and what it had read of the user by then; nothing where it was not called. */
export interface Answer {
  readonly result: Json;
  readonly facts?: JsonObject;
}

/** Calls the function with a copy of the facts as they are at `now`, its own to change or to pass on. Whatever it throws is thrown on. */
export async function makeCall(work: Work, draft: Draft, { id }: Run, step: string, wallTime: number): Promise<Answer> {
  const { facts, read } = trackReads(factsOf(draft, wallTime), { taken: true });
  const result = copyOf(await work({ ...facts, idempotencyKey: messageId(id, step) }));
  // As far as it is read by now: a function may go on reading after it has answered.
  return { result, facts: { ...read } };
}
