import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the lifecycle workflow for workers and returns the code. */
export async function bundleWorkflows(): Promise<string> {
  const workflowsPath = require.resolve('../workflows/lifecycle');
  // The workflow's modules keep no state, so they are evaluated, and compiled, once for all users.
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    preloadModules: [workflowsPath],
    logger: new DefaultLogger('WARN'),
  });
  return code;
}
