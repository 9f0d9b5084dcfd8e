import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflows } from '../temporal/bundle';

const ROOT = join(__dirname, '..');
const DIST = join(ROOT, 'dist');

/** `npm run build`: compiles to `dist/`, and adds the templates of the journeys and the workflow bundle. */
async function build(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  cpSync(join(ROOT, 'journeys'), join(DIST, 'journeys'), { recursive: true, filter: (file) => !file.endsWith('.ts') });
  writeFileSync(join(DIST, 'workflow-bundle.js'), await bundleWorkflows());
}

build().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
