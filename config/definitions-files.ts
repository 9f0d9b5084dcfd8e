import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { DefinitionsError } from './definitions-error';
import { isObject } from './definitions-shape';
import { resolveOwnPackage } from './own-package';

/** Something a module exports, not looked at yet, and where it is from. */
export interface Part {
  readonly from: string;
  readonly value: unknown;
}

/** The parts of what a team defines; null for what there is none of. */
export interface Parts {
  /** `folder` is the name of the journey's own folder, null when it has none. */
  readonly journeys: readonly (Part & { readonly folder: string | null })[];
  readonly lifecycle: Part | null;
  readonly policy: Part | null;
  readonly traits: Part | null;
  readonly events: Part | null;
}

export type Location =
  { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'module'; readonly file: string };

// Run from source we are among TypeScript, with a loader for it; compiled we can only load JavaScript.
export const FROM_SOURCE = extname(__filename) === '.ts';
const EXTENSIONS = FROM_SOURCE ? ['.ts', '.js'] : ['.js'];

/** Packages are looked for from where the process was started, not from where Sojourn is installed. */
const load = createRequire(join(process.cwd(), 'journeys.js'));
resolveOwnPackage();

/**
 * Finds the folder or module of a path or package name.
 * @throws {DefinitionsError} when there is neither
 */
export function locate(path: string): Location {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return { kind: 'folder', folder: resolve(path) };
  try {
    return { kind: 'module', file: load.resolve(path) };
  } catch (cause) {
    throw new DefinitionsError([`'${path}' is neither a folder nor a module that can be found`], { cause });
  }
}

/** The folder that holds `<journey id>/templates` and the shared `templates`: the journeys' own, or that of their module. */
export function templatesRoot(path: string): string {
  const at = locate(path);
  return at.kind === 'folder' ? at.folder : dirname(at.file);
}

/** Loads the parts that are files of a folder. */
export function partsOfFolder(folder: string): Parts {
  const problems: { readonly text: string; readonly cause: unknown }[] = [];
  const part = (file: string, read: (exported: unknown) => unknown): Part | null => {
    try {
      return { from: file, value: read(load(file)) };
    } catch (cause) {
      problems.push({ text: `${file} can't be loaded: ${messageOf(cause)}`, cause });
      return null;
    }
  };
  const root = (name: string, read = defaultOf): Part | null => {
    const file = moduleIn(folder, name);
    return file === null ? null : part(file, read);
  };
  const journeys = readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const file = moduleIn(join(folder, name), 'journey');
      return file === null ? [] : [{ file, name }];
    });
  if (journeys.length === 0) {
    const wanted = FROM_SOURCE ? '*/journey.ts or */journey.js' : '*/journey.js (TypeScript has to be compiled first)';
    throw new DefinitionsError([`${folder} has no ${wanted}`]);
  }
  const parts = {
    journeys: journeys.flatMap(({ file, name }) => {
      const found = part(file, defaultOf);
      return found ? [{ ...found, folder: name }] : [];
    }),
    lifecycle: root('lifecycle'),
    policy: root('policy'),
    traits: root('traits'),
    events: root('events', (exported) => exported),
  };
  if (problems[0])
    throw new DefinitionsError(
      problems.map(({ text }) => text),
      { cause: problems[0].cause },
    );
  return parts;
}

/** Loads the parts a module exports by default. */
export function partsOfModule(file: string): Parts {
  let exported: unknown;
  try {
    exported = defaultOf(load(file));
  } catch (cause) {
    throw new DefinitionsError([`${file} can't be loaded: ${messageOf(cause)}`], { cause });
  }
  const journeys: unknown = isObject(exported) ? exported['journeys'] : undefined;
  if (!isObject(exported) || !Array.isArray(journeys))
    throw new DefinitionsError([
      `${file} must export { journeys: [...], lifecycle, policy, traits, events } by default`,
    ]);
  const part = (name: string): Part | null =>
    exported[name] === undefined ? null : { from: `${name} of ${file}`, value: exported[name] };
  return {
    journeys: journeys.map((value: unknown, index) => ({ from: `journeys[${index}] of ${file}`, value, folder: null })),
    lifecycle: part('lifecycle'),
    policy: part('policy'),
    traits: part('traits'),
    events: part('events'),
  };
}

/** The file of a module in a folder, by its name without extension; null when there is none. */
export function moduleIn(folder: string, name: string): string | null {
  return EXTENSIONS.map((extension) => join(folder, name + extension)).find((file) => existsSync(file)) ?? null;
}

/** What a module exports by default, whichever kind of module it is. */
export function defaultOf(exported: unknown): unknown {
  return isObject(exported) && 'default' in exported ? exported['default'] : exported;
}

/** Errors of modules may be of another realm, so `instanceof` can't tell; loaders give several lines. */
function messageOf(error: unknown): string {
  const message = isObject(error) && typeof error['message'] === 'string' ? error['message'] : String(error);
  return message.replaceAll('\n', '\n    ');
}
