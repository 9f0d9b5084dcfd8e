import { ApplicationFailure } from '@temporalio/activity';
import { traceOf } from '../config/log';
import type { LifecycleActivities } from '../workflows/types';
import { advance } from './advance';
import { withHeartbeat } from './with-heartbeat';
import { call } from './call';
import { deliver } from './deliver';
import type { ActivityDeps } from './deps';

/** Creates the activities that a worker registers. */
export function createActivities(deps: ActivityDeps): LifecycleActivities {
  return {
    advance: (input) => redactErrors(deps, advance(deps, input)),
    deliver: (messageId) => redactErrors(deps, withHeartbeat(deliver(deps, messageId))),
    call: (userId, callId) => redactErrors(deps, withHeartbeat(call(deps, userId, callId))),
  };
}

/** Errors from elsewhere may contain personal data. Histories get their type and code only; the log also gets the place. */
async function redactErrors<Result>({ log }: ActivityDeps, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    const trace = traceOf(error);
    log.warn({ error: trace }, 'an activity failed; it will be repeated');
    throw ApplicationFailure.retryable(trace.code ?? trace.type, trace.type);
  }
}
