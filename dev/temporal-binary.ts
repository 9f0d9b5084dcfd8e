import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './cache';
import type { Report } from './report';
import { SetupError } from './setup-error';
import { buildTemporal, downloadTemporal, SERVICE, VERSION } from './temporal-fetch';

const REMEDY = [
  'Install the Temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_CLI to its path,',
  'or install Go so that it can be built, or set TEMPORAL_ADDRESS to a running server.',
].join(' ');

/**
 * Finds the `temporal` program, or fetches it into the cache. Tries in this order: TEMPORAL_CLI, PATH, the cache (SOJOURN_CACHE),
 * the download service of the SDK, and a build with Go.
 * @param service the URL of the download service
 * @returns the path of the program
 * @throws {SetupError} when all of them fail; the message lists the attempts and says what to do
 */
export async function resolveTemporalBinary(report: Report, service = SERVICE): Promise<string> {
  const { TEMPORAL_CLI, PATH = '' } = process.env;
  if (TEMPORAL_CLI) {
    if (isFile(TEMPORAL_CLI)) return TEMPORAL_CLI;
    throw new SetupError(
      `TEMPORAL_CLI is '${TEMPORAL_CLI}', but no such file exists. Set it to the path of the program.`,
    );
  }
  const cached = join(cacheFolder(), `temporal-${VERSION}`);
  const present = [...PATH.split(delimiter).map((folder) => join(folder, 'temporal')), cached].find(isFile);
  if (present) return present;

  const failures: string[] = [];
  const attempts = [() => downloadTemporal(cached, report, service), () => buildTemporal(cached, report)];
  for (const attempt of attempts) {
    try {
      await attempt();
      return cached;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  const tried = ["'temporal' is not on PATH", ...failures].map((failure) => `  - ${failure}`).join('\n');
  throw new SetupError(`Cannot find or fetch the Temporal server:\n${tried}\n${REMEDY}`);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
