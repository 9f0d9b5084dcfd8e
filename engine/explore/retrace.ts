import { replay, type OnStep } from '../replay/replay';
import type { Journey } from '../authoring/journey';
import type { Run } from '../model/state';
import { exploredAnswerOf } from '../replay/steps';

/** A step that the code called, and everything it asked for. */
interface Called {
  readonly step: string;
  readonly asked: string;
}

/** Replays a journey's code over a finished path. Returns the steps that it called, as far as the journal goes. */
async function retrace(journey: Journey, run: Run): Promise<Called[]> {
  const journal = new Map(run.journal.map((record) => [record.step, record]));
  const called: Called[] = [];
  const onStep: OnStep = (step, call) => {
    const { kind, text, message, ends = false } = call;
    called.push({ step, asked: JSON.stringify([step, kind, text, message]) });
    const record = journal.get(step);
    const isDecided = record && record.kind === kind && !ends && record.status !== 'waiting';
    if (!isDecided) return 'suspend';
    return { value: exploredAnswerOf(call, record.outcome) };
  };
  await replay(journey, run, onStep);
  return called;
}

/**
 * Replays a journey's code over a finished path, and checks whether it calls other steps or asks for something else. It
 * does if it depends on anything besides its steps, such as random numbers or the machine's clock.
 * @param times how often the code is replayed at most
 */
export async function differs(journey: Journey, run: Run, times: number): Promise<boolean> {
  const first = await retrace(journey, run);
  const entered = run.journal.map(({ step }) => step);
  if (run.status !== 'failed' && first.map(({ step }) => step).join('\n') !== entered.join('\n')) return true;
  const asked = first.map((each) => each.asked).join('\n');
  for (let time = 1; time < times; time++) {
    if ((await retrace(journey, run)).map((each) => each.asked).join('\n') !== asked) return true;
  }
  return false;
}
