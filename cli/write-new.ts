import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files to write, by their path below a folder. */
export type NewFiles = ReadonlyMap<string, string | Buffer>;

/**
 * Writes files that do not exist yet: all of them, or none.
 * @throws {Error} when one of them exists
 */
export function writeNew(folder: string, files: NewFiles): void {
  const inTheWay = [...files.keys()].filter((name) => existsSync(join(folder, name)));
  if (inTheWay.length > 0)
    throw new Error(`${folder} has these files already, and nothing was written: ${inTheWay.join(', ')}`);
  for (const [name, content] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    // `wx` refuses a file that somebody else has written in the meantime.
    writeFileSync(file, content, { flag: 'wx' });
  }
}
