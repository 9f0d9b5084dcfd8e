import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache';
import type { Report } from '../report';
import { SetupError } from '../setup-error';

/** Pins the versions of Schemathesis and its dependencies. */
const REQUIREMENTS = join(__dirname, 'requirements.txt');

/**
 * Finds Schemathesis (https://schemathesis.io) in the cache, or installs it there in a virtual environment.
 * @returns the path of the program
 * @throws {SetupError} when Python is missing, or the packages cannot be downloaded
 */
export function resolveSchemathesis(report: Report): string {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `schemathesis-${digest}`);
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    report('installing Schemathesis, once');
    // Starts over after an interrupted installation: a virtual environment cannot be moved into place when it is complete.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    run('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
    run(join(folder, 'bin', 'python'), pip);
    writeFileSync(complete, '');
  }
  return join(folder, 'bin', 'schemathesis');
}

/** Runs Schemathesis with the settings in a folder, and shows its output. Returns the exit code, which is 0 without findings. */
export function runSchemathesis(program: string, args: readonly string[], folder: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function run(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (cause) {
    const remedy = 'Install Python 3.11 or newer with venv (package python3-venv on Debian), and allow access to PyPI.';
    throw new SetupError(`Cannot install Schemathesis. ${remedy}`, { cause });
  }
}
