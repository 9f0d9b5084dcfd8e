import { homedir } from 'node:os';
import { join } from 'node:path';

/** Returns the folder for downloaded programs, shared by all projects of this account: SOJOURN_CACHE, or the XDG cache folder. */
export function cacheFolder(): string {
  const { SOJOURN_CACHE, XDG_CACHE_HOME } = process.env;
  return SOJOURN_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sojourn');
}
