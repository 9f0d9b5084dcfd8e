import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of this package, as its package.json has it. */
export function ownVersion(): string {
  // Compiled code is one folder deeper.
  for (let folder = dirname(__dirname); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) return versionIn(JSON.parse(readFileSync(file, 'utf8')));
    if (folder === dirname(folder)) return 'unknown';
  }
}

function versionIn(content: unknown): string {
  const isVersioned = typeof content === 'object' && content !== null && 'version' in content;
  return isVersioned && typeof content.version === 'string' ? content.version : 'unknown';
}
