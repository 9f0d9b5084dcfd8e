import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs we fetch are kept for all projects of this person: SOJOURN_CACHE, else as the XDG base directories say. */
export function cacheFolder(): string {
  const { SOJOURN_CACHE, XDG_CACHE_HOME } = process.env;
  return SOJOURN_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sojourn');
}
