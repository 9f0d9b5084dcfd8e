import { randomUUID } from 'node:crypto';
import type { TemporalConfig } from '../../config/config';
import { NAMESPACE } from '../../dev/temporal';
import { rig } from './rig';

/** Connection settings of the shared Temporal server. */
export function testTemporal(): TemporalConfig {
  return { address: rig().temporal, namespace: NAMESPACE, apiKey: null, tls: null };
}

/** Returns a task queue that no other test uses. */
export function uniqueTaskQueue(): string {
  return `test-${randomUUID()}`;
}

/** File of the workflow bundle, for `workflowBundle: { codePath }`. */
export function workflowBundlePath(): string {
  return rig().bundle;
}
