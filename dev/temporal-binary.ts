import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './cache';
import type { Report } from './report';
import { SetupError } from './setup-error';
import { buildTemporal, downloadTemporal, SERVICE, VERSION } from './temporal-fetch';

const REMEDY = [
  'Install the Temporal CLI (https://docs.temporal.io/cli) or name its program in TEMPORAL_CLI,',
  'or install Go so that it can be built, or set TEMPORAL_ADDRESS to a server that runs.',
].join(' ');

/**
 * Finds the `temporal` program, or fetches it into a cache for all projects of this person: TEMPORAL_CLI, then PATH,
 * the cache (SOJOURN_CACHE), the download the SDK itself uses, and last building it with Go.
 * @param service where downloads are asked for
 * @throws {SetupError} with what was tried and what to do
 */
export async function resolveTemporalBinary(report: Report, service = SERVICE): Promise<string> {
  const { TEMPORAL_CLI, PATH = '' } = process.env;
  if (TEMPORAL_CLI) {
    if (isFile(TEMPORAL_CLI)) return TEMPORAL_CLI;
    throw new SetupError(`TEMPORAL_CLI names '${TEMPORAL_CLI}', and no such file exists.`);
  }
  const cached = join(cacheFolder(), `temporal-${VERSION}`);
  const present = [...PATH.split(delimiter).map((folder) => join(folder, 'temporal')), cached].find(isFile);
  if (present) return present;

  const failures: string[] = [];
  const ways = [() => downloadTemporal(cached, report, service), () => buildTemporal(cached, report)];
  for (const fetched of ways) {
    try {
      await fetched();
      return cached;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  const tried = ["'temporal' is not on PATH", ...failures].map((failure) => `  - ${failure}`).join('\n');
  throw new SetupError(`There is no Temporal server to start:\n${tried}\n${REMEDY}`);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
