import { types } from 'node:util';

/** An error in the setup of this machine. The message says how to fix it. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** What to do about errors of the system and of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html), by code. */
const REMEDIES: Readonly<Record<string, (place: string) => string>> = {
  EACCES: notMine,
  EPERM: notMine,
  EROFS: (place) => `${place} can only be read. Start Sojourn in a folder on a disk that can be written to.`,
  ENOSPC: full,
  EDQUOT: full,
  53100: full,
  EEXIST: (place) => `${place} is in the way: Sojourn needs a folder of that name. Move it away.`,
  ENOTDIR: (place) => `${place} is not in a folder. Start Sojourn in another folder.`,
};

function notMine(place: string): string {
  return `This account may not write to ${place}. Start Sojourn in a folder of its own, or with the account that ${place} belongs to.`;
}

function full(place: string): string {
  return `The disk of ${place} is full. Free some space and start again. What was kept is still there.`;
}

/**
 * Says what to do about an error in a folder.
 * @returns the error itself if nothing is known about it
 */
export function withRemedy(error: unknown, folder: string): unknown {
  if (!types.isNativeError(error) || !('code' in error)) return error;
  const place = 'path' in error && typeof error.path === 'string' ? error.path : folder;
  const remedy = typeof error.code === 'string' ? REMEDIES[error.code] : undefined;
  return remedy ? new SetupError(remedy(place), { cause: error }) : error;
}

/** Whether this is an error of the system with one of these codes. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return types.isNativeError(error) && 'code' in error && codes.some((code) => code === error.code);
}
