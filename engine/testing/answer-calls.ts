import { openCalls, waitingRecord } from '../model/run';
import type { Call } from '../model/state';
import { codeOf, makeCall, workOf } from '../replay/calls';
import type { Work } from '../replay/steps';
import { askedAtOf } from '../replay/steps/call';
import { openDraft } from '../user/draft';
import type { MemoryHost } from './memory-host';

/** What is called in place of a journey's own function, and how long it takes to answer. */
export interface StandIn {
  readonly work: Work;
  readonly takesMs: number;
}

/**
 * Makes each open call and delivers its answer, at the same virtual time unless a stand-in takes longer. A call that fails is made
 * again at once as often as it may fail. A call with `within` alone is made once, and again when something else happens.
 * @param now epoch milliseconds
 * @param standInFor returns what to call in place of the journey's own function; null to call that
 * @returns when the next of the calls that are under way answers, epoch milliseconds; null when none is
 * @throws {Error} when a call without bounds throws
 */
export async function answerCalls(
  host: MemoryHost,
  now: number,
  standInFor: (step: string) => StandIn | null,
): Promise<number | null> {
  const left = new Set<string>();
  const underWay: number[] = [];
  const next = (): Call | undefined => host.state.runs.flatMap(openCalls).find((call) => !left.has(idOf(call)));
  for (let open = next(); open; open = next()) {
    const standIn = standInFor(open.step);
    // A call that takes no time answers now, also if the host has decided at a later instant.
    const answersAt = standIn?.takesMs ? (askedAt(host, open) ?? now) + standIn.takesMs : now;
    if (answersAt > now) underWay.push(answersAt);
    if (answersAt > now || !(await answerCall(host, open, now, standIn?.work ?? null))) left.add(idOf(open));
  }
  return underWay.length === 0 ? null : Math.min(...underWay);
}

/** When a call was asked for; null if its run is gone. */
function askedAt(host: MemoryHost, { runId }: Call): number | null {
  const run = host.state.runs.find(({ id }) => id === runId);
  const record = run && waitingRecord(run);
  return record ? askedAtOf(record) : null;
}

/** Returns whether the run got an answer, or the news that there is none. */
async function answerCall(
  host: MemoryHost,
  { runId, step }: Call,
  now: number,
  standIn: Work | null,
): Promise<boolean> {
  const run = host.state.runs.find(({ id }) => id === runId);
  const journey = run && host.definitions.journeys.find(({ id }) => id === run.journey);
  const record = run && waitingRecord(run);
  const found = run && journey ? await workOf(journey, run, step) : null;
  if (!run || !record || !found) {
    await host.answerCall(runId, step, { result: null }, now);
    return true;
  }
  const { work, attempts } = found;
  for (let failures = 1; ; failures++) {
    let answer;
    try {
      answer = await makeCall(standIn ?? work, openDraft(host.state, now, host.definitions), run, step, now);
    } catch (error) {
      if (attempts === undefined && record.until === null) throw unbounded(step, standIn !== null, error);
      if (attempts === undefined) return false;
      if (failures < attempts) continue;
      await host.failCall(runId, step, { attempts: failures, code: codeOf(error), since: askedAtOf(record) }, now);
      return true;
    }
    await host.answerCall(runId, step, answer, now);
    return true;
  }
}

function unbounded(step: string, isStandIn: boolean, error: unknown): Error {
  const what = isStandIn ? 'stand-in' : 'function';
  const said = error instanceof Error ? error.message : String(error);
  return new Error(
    `The ${what} of the call '${step}' failed: ${said}\nWithout bounds a failing ${what} is an error of the test; give the call \`attempts\` or \`within\`.`,
    { cause: error },
  );
}

function idOf({ runId, step }: Call): string {
  return `${runId}/${step}`;
}
