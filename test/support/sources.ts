import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Lists the TypeScript files in these folders, without tests and their generators, for tests of what code may not do. */
export function sourcesIn(folders: readonly string[]): string[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...folders];
  return execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => /(?<!\.test)\.ts$/.test(file) && !file.startsWith('engine/testing/properties/'));
}
