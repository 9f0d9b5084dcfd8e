import type { LifecycleActivities } from '../workflows/types';
import { advance } from './advance';
import { alive } from './alive';
import { call } from './call';
import { deliver } from './deliver';
import type { ActivityDeps } from './deps';

/** The activities as the worker registers them. */
export function createActivities(deps: ActivityDeps): LifecycleActivities {
  return {
    advance: (input) => advance(deps, input),
    deliver: (messageId) => alive(deliver(deps, messageId)),
    call: (userId, callId) => alive(call(deps, userId, callId)),
  };
}
