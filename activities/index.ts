import type { LifecycleActivities } from '../workflows/types';
import { advance } from './advance';
import { call } from './call';
import { deliver } from './deliver';
import type { ActivityDeps } from './deps';

/** The activities as the worker registers them. */
export function createActivities(deps: ActivityDeps): LifecycleActivities {
  return {
    advance: (input) => advance(deps, input),
    deliver: (messageId) => deliver(deps, messageId),
    call: (userId, callId) => call(deps, userId, callId),
  };
}
