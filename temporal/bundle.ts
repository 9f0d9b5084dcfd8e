import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the lifecycle workflow as workers run it; answers the code. */
export async function bundleWorkflows(): Promise<string> {
  const workflowsPath = require.resolve('../workflows/lifecycle');
  // None of the workflow's modules keeps anything of one user. Evaluated once for all users they are compiled once too.
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    preloadModules: [workflowsPath],
    logger: new DefaultLogger('WARN'),
  });
  return code;
}
