import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache';
import { isFile } from './is-file';
import type { Report } from './report';
import { SetupError } from './setup-error';
import { buildTemporal, downloadTemporal, SERVICE, VERSION } from './temporal-fetch';

const REMEDY = [
  'Install the Temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_CLI to its path,',
  'or install Go so that it can be built, or set TEMPORAL_ADDRESS to a running server.',
].join(' ');

/** The oldest server that Sojourn runs with: major and minor version. */
const OLDEST = [1, 24] as const;
/** A program that takes longer to tell its version is not the one. Real milliseconds. */
const ANSWER_MS = 30_000;

/**
 * Finds the `temporal` program, or fetches it into the cache. Tries in this order: TEMPORAL_CLI, PATH, the cache (SOJOURN_CACHE),
 * the download service of the SDK, and a build with Go.
 * @param service the URL of the download service
 * @returns the path of the program
 * @throws {SetupError} when all of them fail, and when TEMPORAL_CLI is no such program or too old; the message says what to do
 */
export async function resolveTemporalBinary(report: Report, service = SERVICE): Promise<string> {
  const { TEMPORAL_CLI, PATH = '' } = process.env;
  if (TEMPORAL_CLI) {
    const flaw = await flawOf(TEMPORAL_CLI);
    if (flaw === null) return TEMPORAL_CLI;
    throw new SetupError(
      `TEMPORAL_CLI is '${TEMPORAL_CLI}', but ${flaw}. Set it to the path of the Temporal CLI (https://docs.temporal.io/cli) with a server ${OLDEST.join('.')} or newer, or unset it so that Sojourn fetches ${VERSION}.`,
    );
  }
  const failures: string[] = [];
  for (const path of PATH.split(delimiter).map((folder) => join(folder, 'temporal'))) {
    if (!isFile(path)) continue;
    const flaw = await flawOf(path);
    if (flaw === null) return path;
    report(`passing over ${path}: ${flaw}`);
    failures.push(`${path} on PATH: ${flaw}`);
  }
  if (failures.length === 0) failures.push("'temporal' is not on PATH");
  const cached = join(cacheFolder(), `temporal-${VERSION}`);
  if (isFile(cached)) return cached;

  report(
    `fetching the Temporal server ${VERSION}, once for this account: a download, or a build with Go of a few minutes`,
  );
  const attempts = [() => downloadTemporal(cached, report, service), () => buildTemporal(cached, report)];
  for (const attempt of attempts) {
    try {
      await attempt();
      report('the Temporal server is fetched, and is found at the next start');
      return cached;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      report(failure);
      failures.push(failure);
    }
  }
  const tried = failures.map((failure) => `  - ${failure}`).join('\n');
  throw new SetupError(`Cannot find or fetch the Temporal server:\n${tried}\n${REMEDY}`);
}

/** Says why a program can't be used; null when it can. */
async function flawOf(program: string): Promise<string | null> {
  if (!isFile(program)) return 'no such file exists';
  let said: string;
  try {
    said = (await promisify(execFile)(program, ['--version'], { timeout: ANSWER_MS })).stdout.trim();
  } catch (error) {
    return `it can't be run with --version (${codeOf(error)})`;
  }
  const [, major, minor] = (/\bserver (\d+)\.(\d+)/i.exec(said) ?? []).map(Number);
  if (major === undefined || minor === undefined)
    return `its --version names no Temporal server: '${said.slice(0, 100)}'`;
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  return isOld ? `its server ${major}.${minor} is older than ${OLDEST.join('.')}` : null;
}

/** The exit code of a program that ended, or the system's code for one that could not be started. */
function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' || typeof code === 'number' ? `code ${code}` : 'it took too long';
}
