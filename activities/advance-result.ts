import { isOpen, waitingRecord } from '../engine/model/run';
import type { Advanced } from '../engine/advance/advance';
import { type Call, type Decision, type Run } from '../engine/model/state';
import { stepType } from '../engine/replay/steps';
import type { OpenMessage } from '../store/messages';
import type { Handover, AdvanceResult } from '../workflows/types';
import { searchableJourneys } from '../workflows/search-attributes';
import { CALL_RETRY } from './call-retry';
import { retryPlan } from './channels';
import type { ActivityDeps } from './deps';
import { latestDecisions, latestRuns, portion, summaryOf } from './result-limits';

/** The result for a user who no longer exists. */
export const GONE: AdvanceResult = {
  wakeInMs: null,
  wakeFor: '',
  stage: '',
  journeys: [],
  details: 'This user was erased.',
  decided: [],
  deliver: [],
  calls: [],
  done: true,
};

/**
 * Translates what was decided, and what comes next, for the workflow. The result holds no personal data, and its size has a bound.
 * @param wakeAt when the user is woken: at the deadline that was decided, or a little later
 * @param undelivered messages to deliver that no activity of their own delivers yet
 * @param inFlight ids of deliveries and calls that already run
 */
export function advanceResult(
  deps: ActivityDeps,
  { advanced, wakeAt }: { readonly advanced: Advanced; readonly wakeAt: number | null },
  undelivered: readonly OpenMessage[],
  inFlight: readonly string[],
): AdvanceResult {
  const { clock } = deps;
  const { state, wakeAt: deadline, effects, decisions } = advanced;
  const open = state.runs.filter(isOpen);
  const running = new Set(inFlight);
  const calls = effects.calls.map(toCall).filter(({ id }) => !running.has(id));
  const runningCalls = inFlight.filter(isCall).length;
  return {
    wakeInMs: wakeAt === null ? null : Math.max(0, Math.ceil((wakeAt - clock.now()) / clock.speed)),
    wakeFor: deadline === null ? '' : nextDeadline(open, deadline),
    stage: state.memory.stage,
    journeys: searchableJourneys([...new Set(open.map(({ journey }) => journey))].sort()),
    details: details(deps, advanced, open),
    decided: latestDecisions(decisions, (decision) => `${iso(decision.at)} ${sentence(decision)}`),
    deliver: portion(undelivered, inFlight.length - runningCalls).map((message) => toHandover(message, deps)),
    calls: portion(calls, runningCalls),
    // An open run keeps the workflow running even without a deadline, because support staff look for it there.
    done: wakeAt === null && open.length === 0 && undelivered.length === 0,
  };
}

/** Is it the id of a call? The id of a message has no slash. */
function isCall(id: string): boolean {
  return id.includes('/');
}

function toHandover({ id, step, channel, expiresAt }: OpenMessage, { clock }: ActivityDeps): Handover {
  const expiresInMs = Math.max(1_000, Math.ceil((expiresAt - clock.now()) / clock.speed));
  return { id, summary: summaryOf(`${step} by ${channel}`), ...retryPlan(channel), expiresInMs };
}

function toCall({ runId, step }: Call): Handover {
  return { id: `${runId}/${step}`, summary: summaryOf(step), ...CALL_RETRY };
}

function nextDeadline(open: readonly Run[], deadline: number): string {
  const run = open.find((one) => waitingRecord(one)?.until === deadline);
  const record = run && waitingRecord(run);
  return `${run && record ? summaryOf(`${run.journey}: ${record.step}`) : 'an entry or a change of stage'} until ${iso(deadline)}`;
}

function sentence({ journey, step, what, reason }: Decision): string {
  return `${[journey, step].filter((part) => part !== null).join(' / ')}${journey === null ? '' : ': '}${what}${reason === '' ? '' : ` (${reason})`}`;
}

function details({ publicUrl }: ActivityDeps, { state }: Advanced, open: readonly Run[]): string {
  const lines = [
    `**Stage** ${state.memory.stage} since ${iso(state.memory.stageSince)}`,
    ...latestRuns(open, describeRun),
    `[Timeline](${publicUrl}/users/${encodeURIComponent(state.id)}/timeline) · all times are UTC`,
  ];
  return lines.join('\n\n');
}

function describeRun(run: Run): string {
  const { journey, key, failure } = run;
  const name = `**${journey}**${key === null ? '' : ' (keyed)'}`;
  if (failure) return `${name} parked at *${failure.step ?? 'its start'}*: ${failure.shown ?? 'error in the journey'}`;
  const record = waitingRecord(run);
  if (!record) return name;
  const doing = stepType(record.kind).doing ?? 'waits for';
  const until = record.until === null ? 'without end' : `until ${iso(record.until)}`;
  return `${name} at *${record.step}*: ${doing} ${record.reason}, ${until}`;
}

function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
