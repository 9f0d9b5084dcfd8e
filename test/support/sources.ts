import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** The TypeScript files of these folders that are neither tests nor their generators, from the root: for tests of what the code may not do. */
export function sourcesIn(folders: readonly string[]): string[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...folders];
  return execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => /(?<!\.test)\.ts$/.test(file) && !file.startsWith('engine/testing/properties/'));
}
