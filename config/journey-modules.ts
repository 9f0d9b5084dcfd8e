import { createRequire } from 'node:module';
import { extname, join, relative, resolve, sep } from 'node:path';
import { resolveOwnPackage } from './own-package';
import { loadsTypeScript } from './typescript';

/** Our own code, source or compiled. */
const OURS = resolve(__dirname, '..');

resolveOwnPackage();
/** Resolves packages from the working directory of the process, not from where Sojourn is installed. */
let load = fromWorkingDirectory();

function fromWorkingDirectory(): NodeJS.Require {
  return createRequire(join(process.cwd(), 'journeys.js'));
}

/**
 * Loads a module, in JavaScript or in TypeScript, once until `forgetModules`.
 * @throws what the module throws
 */
export function loadModule(file: string): unknown {
  if (extname(file) === '.ts') loadsTypeScript();
  return load(file);
}

/**
 * Resolves a module by path or package name.
 * @throws {Error} when there is none
 */
export function resolveModule(name: string): string {
  return load.resolve(name);
}

/**
 * Lists the files that journeys consist of, as far as they are loaded: those in their folders, and what they import from beside them.
 * Packages and the engine don't belong to them.
 * @param folders the folders of the journeys
 */
export function journeyModules(folders: readonly string[]): string[] {
  return Object.keys(load.cache).filter((file) => isOfJourneys(file, folders));
}

/** Forgets the modules that journeys consist of, so that the next load reads their files again. */
export function forgetModules(folders: readonly string[]): void {
  for (const file of journeyModules(folders)) Reflect.deleteProperty(load.cache, file);
  // The one that loads keeps all that it has ever loaded.
  load = fromWorkingDirectory();
}

function isOfJourneys(file: string, folders: readonly string[]): boolean {
  const inside = folders.map((folder) => relative(folder, file)).find((path) => !path.startsWith('..'));
  const segments = (inside ?? file).split(sep);
  if (segments.includes('node_modules')) return false;
  return inside !== undefined || relative(OURS, file).startsWith('..');
}
