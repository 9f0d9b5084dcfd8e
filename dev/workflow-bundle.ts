import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the workflows as a worker would at its start; answers the code. */
export async function bundleWorkflows(): Promise<string> {
  const workflowsPath = require.resolve('../workflows/lifecycle');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  return code;
}
