import { existsSync, statSync } from 'node:fs';

/** Whether there is a file at a path, also by way of a link. False in a folder that may not be read, where `statSync` alone throws. */
export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
