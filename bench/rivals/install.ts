import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../dev/report';

const ROOT = join(__dirname, '..', '..', '..', '..', '..');
/** The folder of the rivals' packages: `bench/rivals` of the checkout. This file runs in the build, `.sojourn/bench/build/bench/rivals`. */
export const RIVALS_FOLDER = join(ROOT, 'bench', 'rivals');

/** Installs the packages of the rivals, compiles their sides, and makes the packages visible to the build. */
export function installRivals(report: Report): void {
  report('installing DBOS and Restate');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd: RIVALS_FOLDER,
    stdio: 'inherit',
  });
  const link = join(__dirname, 'node_modules');
  if (existsSync(link)) rmSync(link);
  symlinkSync(join(RIVALS_FOLDER, 'node_modules'), link);
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', RIVALS_FOLDER], { stdio: 'inherit' });
}
