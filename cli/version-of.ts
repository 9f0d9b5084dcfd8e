import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { loadDefinitions, type LoadedDefinitions } from '../config/definitions';
import { DefinitionsError } from '../config/definitions-error';
import { loadsTypeScript } from '../config/typescript';

/** The root of Sojourn when it runs from source. */
const OURS = resolve(__dirname, '..');

/** A version of the journeys, and the folder that it was loaded from. */
export interface Version {
  readonly definitions: LoadedDefinitions;
  readonly path: string;
}

/**
 * Loads another version of the journeys: from a folder, or from a git ref, at the path the journeys have now. The ref is checked
 * out into a temporary worktree. The worktree uses the current dependencies and, where the journeys are beside our engine, the
 * current engine, so that only the journeys differ.
 * @param which a folder or a git ref
 * @param journeys the folder of the current journeys
 * @throws {Error} when `which` is neither a folder nor a git ref, or when its journeys cannot be loaded. The compiled command
 * needs `tsx` to load the TypeScript journeys of a ref.
 */
export function loadVersion(which: string, journeys: string): Promise<LoadedDefinitions> {
  return withVersion(which, journeys, ({ definitions }) => Promise.resolve(definitions));
}

/**
 * Loads another version of the journeys as {@link loadVersion} does. The worktree of a git ref exists until `use` has ended.
 * @returns what `use` returns
 * @throws {Error} as `loadVersion` does, and whatever `use` throws
 */
export async function withVersion<Result>(
  which: string,
  journeys: string,
  use: (version: Version) => Promise<Result>,
): Promise<Result> {
  if (statSync(which, { throwIfNoEntry: false })?.isDirectory())
    return use({ definitions: await loadDefinitions(which), path: which });
  if (!existsSync(journeys))
    throw new Error(
      `Cannot load '${which}': it is not a folder, and ${journeys} does not exist in a git repository. Pass a folder, or set JOURNEYS.`,
    );
  const folder = realpathSync(journeys);
  const root = git(folder, 'rev-parse', '--show-toplevel');
  const commit = commitOf(root, which);
  const tree = join(realpathSync(mkdtempSync(join(tmpdir(), 'sojourn-'))), 'tree');
  try {
    git(root, 'worktree', 'add', '--detach', '--quiet', tree, commit);
    linkDependencies(root, tree, relative(root, folder));
    const path = join(tree, relative(root, folder));
    return await use({ definitions: await loadCommitted(which, path), path });
  } finally {
    git(root, 'worktree', 'remove', '--force', tree);
    rmSync(dirname(tree), { recursive: true, force: true });
  }
}

/** Loads the journeys of a checked-out ref. Git holds only their sources, and an installation for production cannot load TypeScript. */
async function loadCommitted(which: string, journeys: string): Promise<LoadedDefinitions> {
  try {
    return await loadDefinitions(journeys);
  } catch (cause) {
    if (loadsTypeScript() || !(cause instanceof DefinitionsError)) throw cause;
    const remedy = 'Install the development dependencies, or compare two folders of compiled journeys.';
    throw new Error(
      `Cannot load the TypeScript journeys of '${which}': the package tsx is not installed. ${remedy}\n${cause.message}`,
      { cause },
    );
  }
}

function commitOf(root: string, ref: string): string {
  try {
    return git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  } catch (cause) {
    throw new Error(`Unknown version: '${ref}'. Expected a folder or a git ref.`, { cause });
  }
}

/**
 * Links what git does not hold: the dependencies of every folder on the path to the journeys. Journeys that import 'sojourn' always
 * use the current engine. Journeys of older commits import the engine by its path, so the engine is linked there.
 */
function linkDependencies(root: string, tree: string, path: string): void {
  for (let at = path; ; at = dirname(at)) {
    link(join(root, at, 'node_modules'), join(tree, at, 'node_modules'));
    if (join(root, at) === OURS) link(join(OURS, 'engine'), join(tree, at, 'engine'));
    if (at === '.') return;
  }
}

function link(target: string, at: string): void {
  if (!existsSync(target) || !existsSync(dirname(at))) return;
  rmSync(at, { recursive: true, force: true });
  symlinkSync(target, at, 'junction');
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
