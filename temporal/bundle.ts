import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the lifecycle workflow as workers run it; answers the code. */
export async function bundleWorkflows(): Promise<string> {
  const workflowsPath = require.resolve('../workflows/lifecycle');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  return code;
}
