import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache';
import type { Report } from '../report';
import { SetupError } from '../setup-error';

/** Schemathesis and all it needs, each in one version. */
const REQUIREMENTS = join(__dirname, 'requirements.txt');

/**
 * Finds Schemathesis (https://schemathesis.io), or installs it into a virtual environment of its own in the cache.
 * @returns the program
 * @throws {SetupError} where there is no Python, or the packages can't be had
 */
export function resolveSchemathesis(report: Report): string {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `schemathesis-${digest}`);
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    report('installing Schemathesis, once');
    // What was broken off is begun anew: a virtual environment can't be moved into place.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    run('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
    run(join(folder, 'bin', 'python'), pip);
    writeFileSync(complete, '');
  }
  return join(folder, 'bin', 'schemathesis');
}

/** Runs Schemathesis with the settings in a folder, and shows what it prints. Answers its exit code: 0 when it found nothing. */
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
    const remedy = 'It takes Python 3.11 or newer with venv (on Debian the package python3-venv).';
    throw new SetupError(`Schemathesis can't be installed. ${remedy}`, { cause });
  }
}
