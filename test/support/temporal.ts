import { randomUUID } from 'node:crypto';
import type { TemporalConfig } from '../../config/config';
import { NAMESPACE } from '../../dev/temporal';
import { rig } from './rig';

/** How to connect to the Temporal server all tests share. */
export function testTemporal(): TemporalConfig {
  return { address: rig().temporal, namespace: NAMESPACE, apiKey: null, tls: null };
}

/** A task queue no other test uses. */
export function uniqueTaskQueue(): string {
  return `test-${randomUUID()}`;
}

/** File of the workflow bundle, for `workflowBundle: { codePath }`. */
export function workflowBundlePath(): string {
  return rig().bundle;
}
