import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Report } from './report';

/** The release of the Temporal CLI that is fetched. */
export const VERSION = 'v1.5.1';

/** The download service. It answers with the URL of the archive for a platform. */
export const SERVICE = `https://temporal.download/cli/${VERSION}`;
const ANSWER_MS = 5_000;
const DOWNLOAD_MS = 300_000;
const REPORT_EVERY_MS = 10_000;
/** How many packages a build compiles. It differs a little with the platform and the version of Go. */
const PACKAGES = 1_250;
const MEGABYTE = 1_000_000;

const archiveSchema = z.object({ archiveUrl: z.url(), fileToExtract: z.string() });

/**
 * Downloads the program in the same way as the test server of the SDK.
 * @param target the path of the program
 * @param service the URL of the download service
 * @throws {Error} when the download fails
 */
export async function downloadTemporal(target: string, report: Report, service: string): Promise<void> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  try {
    const answer = await get(`${service}?platform=${platform}&arch=${arch}&format=tar.gz`, ANSWER_MS);
    const { archiveUrl, fileToExtract } = archiveSchema.parse(await answer.json());
    const archive = await get(archiveUrl, DOWNLOAD_MS);
    const size = Number(archive.headers.get('content-length') ?? 0);
    report(`downloading ${archiveUrl}${size > 0 ? ` (${megabytes(size)} MB)` : ''}`);
    await inScratch(target, async (scratch) => {
      const file = join(scratch, 'archive.tar.gz');
      const progress = setInterval(() => {
        const got = existsSync(file) ? statSync(file).size : 0;
        report(`… ${megabytes(got)}${size > 0 ? ` of ${megabytes(size)}` : ''} MB downloaded`);
      }, REPORT_EVERY_MS);
      await pipeline(Readable.from(archive.body ?? []), createWriteStream(file)).finally(() => clearInterval(progress));
      execFileSync('tar', ['-xzf', file, '-C', scratch, fileToExtract]);
      return join(scratch, fileToExtract);
    });
  } catch (error) {
    throw new Error(`download from ${service} failed: ${rootMessage(error)}`, { cause: error });
  }
}

/**
 * Builds the program from source with Go, through the Go module proxy.
 * @param target the path of the program
 * @throws {Error} when the build fails
 */
export async function buildTemporal(target: string, report: Report): Promise<void> {
  report(`building the Temporal server ${VERSION} with Go`);
  await inScratch(target, async (scratch) => {
    const flags = ['install', '-v', '-trimpath', '-ldflags', '-s -w'];
    const env = { ...process.env, GOBIN: scratch, CGO_ENABLED: '0' };
    await goInstall([...flags, `github.com/temporalio/cli/cmd/temporal@${VERSION}`], env, report);
    return join(scratch, 'temporal');
  });
}

function goInstall(args: readonly string[], env: NodeJS.ProcessEnv, report: Report): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = spawn('go', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const lines: string[] = [];
    let sources = 0;
    createInterface({ input: go.stderr }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('go: downloading')) sources++;
    });
    const progress = setInterval(() => {
      const compiled = lines.length - sources;
      report(compiled > 0 ? `… ${compiled} of about ${PACKAGES} packages compiled` : `… ${sources} sources downloaded`);
    }, REPORT_EVERY_MS);
    const kill = (): void => void go.kill();
    // Ends the build before the scratch folder is removed. Otherwise it would create the folder again.
    process.prependListener('exit', kill);
    const finish = (failure: string | null): void => {
      clearInterval(progress);
      process.off('exit', kill);
      if (failure === null) resolve();
      else reject(new Error(`build with 'go install' failed: ${failure}`));
    };
    go.once('error', (error) => finish(error.message));
    go.once('close', (code) => finish(code === 0 ? null : lines.slice(-5).join('\n    ')));
  });
}

/**
 * Runs `make` in a temporary folder, then moves the resulting program into place. An interrupted fetch leaves no files, not even
 * after Ctrl-C.
 */
async function inScratch(target: string, make: (scratch: string) => Promise<string>): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  const scratch = mkdtempSync(`${target}-`);
  const remove = (): void => rmSync(scratch, { recursive: true, force: true });
  process.on('exit', remove);
  try {
    const made = await make(scratch);
    chmodSync(made, 0o755);
    renameSync(made, target);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / MEGABYTE);
}

async function get(url: string, timeoutMs: number): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : rootMessage(error.cause);
}
