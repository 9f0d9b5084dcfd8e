import { ApplicationFailure } from '@temporalio/activity';
import { withoutPersonalData } from '../config/discreet';
import { traceOf } from '../config/log';
import { callFailuresTotal } from '../config/metrics';
import type { Definitions } from '../engine/definitions/definitions';
import { journeyOf } from '../engine/definitions/versions';
import { forgetInRun } from '../engine/model/forgetting';
import type { Json } from '../engine/model/json';
import { waitingRecord } from '../engine/model/run';
import type { Run, UserState, WaitingRecord } from '../engine/model/state';
import { codeOf, makeCall, workOf } from '../engine/replay/calls';
import { askedAtOf } from '../engine/replay/steps/call';
import { openDraft } from '../engine/user/draft';
import { recordCallFailure } from '../store/call-failures';
import { recordCall } from '../store/calls';
import { loadUser } from '../store/state-load';
import { CALL_RETRY } from './call-retry';
import type { ActivityDeps } from './deps';
import { refuseNewer } from './newer-release';

/** A call that a run waits for. */
interface OpenCall {
  readonly state: UserState;
  readonly run: Run;
  readonly record: WaitingRecord;
}

/**
 * Makes the call that a journey asked for, at least once, and records the answer as an internal event, which wakes the user. A
 * failure is recorded too. If it was the last that the call has, the user is woken and goes on without an answer.
 * @throws {ApplicationFailure} of type `CallFailed`, which Temporal retries, or `NewerRelease`
 */
export async function call(deps: ActivityDeps, userId: string, callId: string): Promise<void> {
  const { pool, clock, release } = deps;
  const definitions = deps.definitions.current;
  const [runId = '', ...rest] = callId.split('/');
  const step = rest.join('/');
  const loaded = await loadUser(pool, definitions, userId);
  if (loaded) refuseNewer(loaded, release.seq);
  const run = loaded?.state.runs.find(({ id }) => id === runId);
  const journey = run && journeyOf(definitions.journeys, run);
  const record = run && waitingRecord(run);
  if (!loaded || !journey || run.status !== 'active' || record?.step !== step) return;
  const now = clock.now();
  const found = await workOf(journey, forgetInRun(run, now), step);
  // The run stops waiting at this time. The end of this activity makes it decide so.
  if (!found || (record.until !== null && now >= record.until)) return;
  let answer;
  try {
    answer = await makeCall(found.work, openDraft(loaded.state, now, definitions), run, step, now);
  } catch (error) {
    return failed(deps, definitions, { state: loaded.state, run, record }, found.attempts ?? null, error);
  }
  await recordCall(pool, { userId, runId, step, ...answer, now: clock.now() });
}

/**
 * Records a failed attempt and says so in the log and the metrics. Of an error that the called function throws, Temporal gets the
 * code and the log gets the place. Its message may name a person, so the log gets it without what is known of the user.
 * @param most how often the call may fail; null without a limit
 * @throws {ApplicationFailure} if there is a next attempt
 */
async function failed(
  { pool, clock, log }: ActivityDeps,
  definitions: Definitions,
  { state, run, record }: OpenCall,
  most: number | null,
  error: unknown,
): Promise<void> {
  const { journey } = run;
  const { step, until } = record;
  const code = codeOf(error);
  const at = clock.now();
  const after = await recordCallFailure(pool, {
    runId: run.id,
    step,
    since: askedAtOf(record),
    code,
    at: Math.round(at),
    most,
    until,
    firstPause: CALL_RETRY.initialMs * clock.speed,
    longestPause: CALL_RETRY.maximumMs * clock.speed,
  });
  // The names of steps in loops can hold what users send.
  const isOutlined = definitions.outlines.get(journey)?.steps.some((one) => one.step === step) === true;
  callFailuresTotal.inc({ journey, step: isOutlined ? step : 'other', code });
  const known = { id: state.id, traits: state.traits, trigger: run.trigger, journal: run.journal } as unknown as Json;
  const message = withoutPersonalData(error instanceof Error ? error.message : String(error), known);
  log.warn({ error: traceOf(error), message, journey, step, code, ...after }, 'call failed');
  if (!after || after.ends) return;
  // An activity that ended before the run has stopped waiting would be handed over again.
  const nextAt = after.nextAt ?? until ?? at;
  throw ApplicationFailure.create({
    message: `attempt ${after.attempts} failed: ${code}`,
    type: 'CallFailed',
    nextRetryDelay: Math.max(1, Math.ceil((nextAt - at) / clock.speed)),
  });
}
