import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { loadDefinitions, type LoadedDefinitions } from '../config/definitions';
import { DefinitionsError } from '../config/definitions-error';
import { FROM_SOURCE } from '../config/definitions-files';

/** Where our own engine is, when we run from source. */
const OURS = resolve(__dirname, '..');

/**
 * Loads the journeys of another version: of a folder, or of a git ref at the place the journeys have now. The ref is checked
 * out beside, with the dependencies of today and, where the journeys lie beside our engine, the engine of today: what differs
 * is the journeys.
 * @param which a folder or a git ref
 * @param journeys the folder of the journeys of today
 * @throws {Error} when it is neither, or the journeys of then can't be loaded: of a ref whose journeys are TypeScript only from source
 */
export async function loadVersion(which: string, journeys: string): Promise<LoadedDefinitions> {
  if (statSync(which, { throwIfNoEntry: false })?.isDirectory()) return loadDefinitions(which);
  if (!existsSync(journeys)) throw new Error(`'${which}' is no folder, and ${journeys} is in no git repository.`);
  const folder = realpathSync(journeys);
  const root = git(folder, 'rev-parse', '--show-toplevel');
  const commit = commitOf(root, which);
  const tree = join(realpathSync(mkdtempSync(join(tmpdir(), 'sojourn-'))), 'tree');
  try {
    git(root, 'worktree', 'add', '--detach', '--quiet', tree, commit);
    linkDependencies(root, tree, relative(root, folder));
    return await loadCommitted(which, join(tree, relative(root, folder)));
  } finally {
    git(root, 'worktree', 'remove', '--force', tree);
    rmSync(dirname(tree), { recursive: true, force: true });
  }
}

/** Git has the sources of journeys: what was built from them is not there, and compiled we can't load TypeScript. */
async function loadCommitted(which: string, journeys: string): Promise<LoadedDefinitions> {
  try {
    return await loadDefinitions(journeys);
  } catch (cause) {
    if (FROM_SOURCE || !(cause instanceof DefinitionsError)) throw cause;
    const remedy = `Run the command from source (npm run sojourn -- diff ${which}), or compare two folders of compiled journeys.`;
    throw new Error(`This command is compiled, and '${which}' has no compiled journeys. ${remedy}\n${cause.message}`, {
      cause,
    });
  }
}

function commitOf(root: string, ref: string): string {
  try {
    return git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  } catch (cause) {
    throw new Error(`'${ref}' is neither a folder nor a git ref.`, { cause });
  }
}

/**
 * What is not in git: the dependencies of every folder on the way to the journeys. Journeys that import 'sojourn' get the engine
 * of today anyway; those of older commits import it by its path, and so it is put there.
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
