import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows } from '../temporal/bundle';

const ROOT = join(__dirname, '..');
const BUILD = join(ROOT, '.sojourn', 'bench', 'build');

/** Compiles the bench and its dependencies, so that it measures JavaScript as in production. */
async function build(): Promise<void> {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', __dirname], { stdio: 'inherit' });
  for (const folder of ['journeys', join('bench', 'journeys')])
    cpSync(join(ROOT, folder), join(BUILD, folder), { recursive: true, filter: (file) => !file.endsWith('.ts') });
  // Bundled by the measure of its size.
  cpSync(join(ROOT, 'sdk', 'browser', 'src'), join(BUILD, 'sdk', 'browser', 'src'), { recursive: true });
  // The nearest package.json resolves the import of 'sojourn'. This one makes the journeys use this build instead of `dist/`.
  writeFileSync(join(BUILD, 'package.json'), JSON.stringify({ name: 'sojourn', private: true, exports: './index.js' }));
  writeFileSync(join(BUILD, 'workflow-bundle.js'), await bundleWorkflows());
  const workflowsPath = require.resolve('./native/workflow');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  writeFileSync(join(BUILD, 'bench', 'native', 'workflow-bundle.js'), code);
}

build().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
