import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/**
 * Put before the bundle. The SDK takes a stack trace of every promise a workflow makes, for a query that shows where it
 * waits; ours waits in one place, and the traces cost more than everything else it does.
 */
const NO_TRACES = 'Error.stackTraceLimit = 0;';

/** Bundles the lifecycle workflow as workers run it; answers the code. */
export async function bundleWorkflows(): Promise<string> {
  const workflowsPath = require.resolve('../workflows/lifecycle');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  return NO_TRACES + code;
}
