import { ApplicationFailure } from '@temporalio/activity';
import { traceOf } from '../config/log';
import { makeCall, workOf } from '../engine/replay/calls';
import { openDraft } from '../engine/user/draft';
import { journeyOf } from '../engine/definitions/versions';
import { recordCall } from '../store/calls';
import { loadUser } from '../store/state-load';
import type { ActivityDeps } from './deps';
import { refuseNewer } from './newer-release';

/**
 * Makes the call that a journey asked for, at least once, and records the answer as an internal event, which wakes the user.
 * Of an error that the called function throws, Temporal gets the name and the log gets the place. Its message may name a person.
 * @throws {ApplicationFailure} of type `CallFailed`, which Temporal retries, or `NewerRelease`
 */
export async function call(deps: ActivityDeps, userId: string, callId: string): Promise<void> {
  const { pool, clock, release, log } = deps;
  const definitions = deps.definitions.current;
  const [runId = '', ...rest] = callId.split('/');
  const step = rest.join('/');
  const loaded = await loadUser(pool, definitions, userId);
  if (loaded) refuseNewer(loaded, release.seq);
  const run = loaded?.state.runs.find(({ id }) => id === runId);
  const journey = run && journeyOf(definitions.journeys, run);
  if (!loaded || !run || !journey || run.status !== 'active') return;
  const work = await workOf(journey, run, step);
  if (!work) return;
  const now = clock.now();
  try {
    const answer = await makeCall(work, openDraft(loaded.state, now, definitions), run, step, now);
    await recordCall(pool, { userId, runId, step, ...answer, now: clock.now() });
  } catch (error) {
    log.warn({ error: traceOf(error), journey: run.journey, step }, 'call failed');
    throw ApplicationFailure.retryable(error instanceof Error ? error.name : 'Error', 'CallFailed');
  }
}
