import type { Journey } from '../authoring/journey';
import { messageId } from '../model/ids';
import { copyOf, type Json, type JsonObject } from '../model/json';
import type { Run } from '../model/state';
import type { Draft } from '../user/draft';
import { replay, type OnStep } from './replay';
import { answerOf, type StepCall, type Work } from './steps';
import { factsOf, trackReads } from './steps/facts';

/** The function of an open call, and how often it may fail. Without `attempts` there is no limit. */
export interface CallWork extends Pick<StepCall, 'attempts'> {
  readonly work: Work;
}

/**
 * Finds the function of a run's open call. It replays the journey's code over the journal up to that step.
 * @returns null when the code does not reach the step, for example because an edit removed it
 */
export async function workOf(journey: Journey, run: Run, step: string): Promise<CallWork | null> {
  const journal = new Map(run.journal.map((record) => [record.step, record]));
  let found: CallWork | null = null;
  const onStep: OnStep = (name, call) => {
    if (name === step) {
      const { work, attempts } = call;
      found = work ? { work, ...(attempts !== undefined && { attempts }) } : null;
      return 'suspend';
    }
    const record = journal.get(name);
    return record && record.kind === call.kind && record.status !== 'waiting'
      ? { value: answerOf(call, record.outcome) }
      : 'suspend';
  };
  await replay(journey, run, onStep);
  return found;
}

/** The answer of a called function, and the facts it had read by then. There are no facts if the function was not called. */
export interface Answer {
  readonly result: Json;
  readonly facts?: JsonObject;
}

/**
 * Calls the function with a copy of the facts, which it may change or pass on. An error of the function is thrown on.
 * @param now the time in the facts, epoch milliseconds
 */
export async function makeCall(work: Work, draft: Draft, { id }: Run, step: string, now: number): Promise<Answer> {
  const { facts, read } = trackReads(factsOf(draft, now), { taken: true });
  const result = copyOf(await work({ ...facts, idempotencyKey: messageId(id, step) }));
  // A function may read further facts after it has answered. Those are left out.
  return { result, facts: { ...read } };
}

/** What a code may look like. Other texts, and long numbers, may stand for a person. */
const CODE = /^(?!.*\d{6})[\w.-]{1,60}$/;

/**
 * The code of an error that a called function threw, as people see it: its `code` or HTTP `status`, those of its cause, or its name.
 * It holds no personal data.
 */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  const { code, status } = error as { readonly code?: unknown; readonly status?: unknown };
  for (const own of [code, status])
    if ((typeof own === 'string' || typeof own === 'number') && CODE.test(String(own))) return String(own);
  // `fetch` hides the network's error behind a TypeError.
  if (error.cause instanceof Error) return codeOf(error.cause);
  return CODE.test(error.name) ? error.name : 'Error';
}
