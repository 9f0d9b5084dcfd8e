import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** The root of Sojourn. */
export const ROOT = join(__dirname, '..', '..');

/** A temporary git repository with the shipped journeys, committed. */
export interface Repository {
  /** The folder of the journeys. */
  readonly journeys: string;
  /**
   * Replaces text in a file of the journeys.
   * @throws {Error} when the file does not contain `from`
   */
  edit(file: string, from: string, to: string): void;
  /** Copies the journeys to a new folder and returns it, for a process that has already loaded them. */
  copy(): string;
  remove(): void;
}

/** Creates the repository. Its journeys import 'sojourn', like the shipped ones. */
export function repository(): Repository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sojourn-test-')));
  const journeys = join(folder, 'journeys');
  cpSync(join(ROOT, 'journeys'), journeys, { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args]);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=journeys');
  return {
    journeys,
    edit: (file, from, to) => {
      const path = join(journeys, file);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no '${from}'.`);
      writeFileSync(path, text.replace(from, to));
    },
    copy: () => {
      const copy = join(folder, 'copy');
      cpSync(journeys, copy, { recursive: true });
      return copy;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The output of a command, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the `sojourn` command from source, in a separate process. */
export function sojourn(args: readonly string[], environment: Record<string, string>, folder = ROOT): Promise<Outcome> {
  return run(fromSource(args), environment, folder);
}

/** Returns the arguments for Node.js that run the `sojourn` command from source. */
export function fromSource(args: readonly string[]): string[] {
  const tsx = pathToFileURL(require.resolve('tsx')).href;
  return ['--import', tsx, join(ROOT, 'cli', 'main.ts'), ...args];
}

/** Runs Node.js in a folder. Returns the outcome also when the exit code is not 0. */
export async function run(
  args: readonly string[],
  environment: Record<string, string>,
  folder = ROOT,
): Promise<Outcome> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      maxBuffer: 2 ** 26,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}
