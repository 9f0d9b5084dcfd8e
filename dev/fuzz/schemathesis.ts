import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installPythonOnce } from '../cached-install';
import type { Report } from '../report';

/** Pins the versions of Schemathesis and its dependencies. */
const REQUIREMENTS = join(__dirname, 'requirements.txt');

/**
 * Finds Schemathesis (https://schemathesis.io) in the cache, or installs it there in a virtual environment.
 * @returns the path of the program
 * @throws {SetupError} when Python is missing, or the packages cannot be downloaded
 */
export function resolveSchemathesis(report: Report): string {
  const installation = { what: 'Schemathesis', folder: 'schemathesis', requirements: REQUIREMENTS };
  return join(installPythonOnce(installation, report), 'schemathesis');
}

/** Runs Schemathesis with the settings in a folder, and shows its output. Returns the exit code, which is 0 without findings. */
export function runSchemathesis(program: string, args: readonly string[], folder: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
