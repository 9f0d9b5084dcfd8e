import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache';
import type { Report } from './report';
import { SetupError } from './setup-error';

/** Something to install into the cache. */
export interface Installation {
  /** What it is called in messages. */
  readonly what: string;
  /** The begin of the folder's name. */
  readonly folder: string;
  /** The files that pin the versions. When one of them changes, it is installed anew. */
  readonly pinnedBy: readonly string[];
  /** What to do when it fails. */
  readonly remedy: string;
  /** Fills an empty folder. */
  readonly install: (folder: string) => void;
}

/**
 * Finds an installation in the cache, or makes it.
 * @returns its folder
 * @throws {SetupError} when a program is missing, or the packages cannot be downloaded
 */
export function installOnce({ what, folder: name, pinnedBy, remedy, install }: Installation, report: Report): string {
  const digest = createHash('sha256');
  for (const file of pinnedBy) digest.update(readFileSync(file));
  const folder = join(cacheFolder(), `${name}-${digest.digest('hex').slice(0, 12)}`);
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return folder;
  report(`installing ${what}, once`);
  // Starts over after an interrupted installation: a virtual environment cannot be moved into place when it is complete.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    install(folder);
  } catch (cause) {
    throw new SetupError(`Cannot install ${what}. ${remedy}`, { cause });
  }
  writeFileSync(complete, '');
  return folder;
}

/**
 * Finds Python packages in the cache, or installs them there in a virtual environment.
 * @param requirements the file that pins them
 * @returns the folder of the programs of the environment
 * @throws {SetupError} when Python is missing, or the packages cannot be downloaded
 */
export function installPythonOnce(
  { what, folder, requirements }: Pick<Installation, 'what' | 'folder'> & { readonly requirements: string },
  report: Report,
): string {
  const remedy = 'Install Python 3.11 or newer with venv (package python3-venv on Debian), and allow access to PyPI.';
  const install = (into: string): void => {
    run('python3', ['-m', 'venv', into]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
    run(join(into, 'bin', 'python'), pip);
  };
  return join(installOnce({ what, folder, pinnedBy: [requirements], remedy, install }, report), 'bin');
}

/** Runs a program that installs something. Its errors are the cause of the error thrown. */
export function run(command: string, args: readonly string[], cwd?: string): void {
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
}
