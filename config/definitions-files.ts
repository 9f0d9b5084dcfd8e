import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DefinitionsError } from './definitions-error';
import { isObject } from './definitions-shape';
import { loadModule, resolveModule } from './journey-modules';
import { loadsTypeScript } from './typescript';

/** An export of a module, not validated yet, and where it comes from. */
export interface Part {
  readonly from: string;
  readonly value: unknown;
}

/** The parts of a set of definitions, not validated yet. A missing part is null. */
export interface Parts {
  /** `folder` is the name of the folder of the journey; null when it is part of a module. */
  readonly journeys: readonly (Part & { readonly folder: string | null })[];
  readonly lifecycle: Part | null;
  readonly policy: Part | null;
  readonly traits: Part | null;
  readonly events: Part | null;
  readonly flags: Part | null;
  readonly chats: Part | null;
  /** `file` is the name of the file, without its extension; null when it is part of a module. */
  readonly channels: readonly (Part & { readonly file: string | null })[];
  readonly topics: Part | null;
}

/** Where definitions are: in a folder, or in a module. */
export type Location =
  { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'module'; readonly file: string };

/**
 * Resolves a path or package name to a folder or module.
 * @throws {DefinitionsError} when it is neither
 */
export function locate(path: string): Location {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return { kind: 'folder', folder: resolve(path) };
  try {
    return { kind: 'module', file: resolveModule(path) };
  } catch (cause) {
    throw new DefinitionsError([`'${path}' is neither a folder nor a module`], [cause]);
  }
}

/** The folder of the journeys, or the one of their module. */
export function journeysFolder(path: string): string {
  const at = locate(path);
  return at.kind === 'folder' ? at.folder : dirname(at.file);
}

/**
 * The folders with `<journey id>/templates` and the shared `templates`: the folder of the journeys; or the one of their module, and those
 * that the module names, where journeys of its own stand beside journeys of others.
 * @throws {DefinitionsError} when what the module names is no list of folders
 */
export function templatesRoots(path: string): readonly string[] {
  const at = locate(path);
  if (at.kind === 'folder') return [at.folder];
  const exported = defaultOf(loadModule(at.file));
  const named: unknown = isObject(exported) ? (exported['templates'] ?? []) : [];
  if (!isFolders(named)) throw new DefinitionsError([`templates of ${at.file} must be a list of folders`]);
  return [dirname(at.file), ...named];
}

function isFolders(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one === 'string' && statSync(one, { throwIfNoEntry: false })?.isDirectory() === true)
  );
}

/**
 * Loads the parts of a folder, each from its own file.
 * @throws {DefinitionsError} when there are no journeys, or when files cannot be loaded
 */
export function partsOfFolder(folder: string): Parts {
  const problems: { readonly text: string; readonly cause: unknown }[] = [];
  const part = (file: string, read: (exported: unknown) => unknown): Part | null => {
    try {
      return { from: file, value: read(loadModule(file)) };
    } catch (cause) {
      problems.push({ text: `${file} cannot be loaded: ${messageOf(cause)}`, cause });
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
    const expected = loadsTypeScript() ? '*/journey.ts or */journey.js' : '*/journey.js (compile TypeScript first)';
    throw new DefinitionsError([`${folder} has no ${expected}`]);
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
    flags: root('flags'),
    chats: root('chats'),
    channels: modulesIn(join(folder, 'channels')).flatMap((name) => {
      const found = root(join('channels', name));
      return found ? [{ ...found, file: name }] : [];
    }),
    topics: root('topics'),
  };
  if (problems.length > 0)
    throw new DefinitionsError(
      problems.map(({ text }) => text),
      problems.map(({ cause }) => cause),
    );
  return parts;
}

/**
 * Loads the parts from the default export of a module.
 * @throws {DefinitionsError} when the module cannot be loaded, or exports no journeys
 */
export function partsOfModule(file: string): Parts {
  let exported: unknown;
  try {
    exported = defaultOf(loadModule(file));
  } catch (cause) {
    throw new DefinitionsError([`${file} cannot be loaded: ${messageOf(cause)}`], [cause]);
  }
  const journeys: unknown = isObject(exported) ? exported['journeys'] : undefined;
  if (!isObject(exported) || !Array.isArray(journeys))
    throw new DefinitionsError([
      `${file} must have the default export { journeys: [...], lifecycle, policy, traits, events, flags, chats, topics, channels }`,
    ]);
  const part = (name: string): Part | null =>
    exported[name] === undefined ? null : { from: `${name} of ${file}`, value: exported[name] };
  return {
    journeys: journeys.map((value: unknown, index) => ({ from: `journeys[${index}] of ${file}`, value, folder: null })),
    lifecycle: part('lifecycle'),
    policy: part('policy'),
    traits: part('traits'),
    events: part('events'),
    flags: part('flags'),
    chats: part('chats'),
    channels: (Array.isArray(exported['channels']) ? exported['channels'] : []).map((value: unknown, index) => ({
      from: `channels[${index}] of ${file}`,
      value,
      file: null,
    })),
    topics: part('topics'),
  };
}

/** The names of the modules in a folder, without their extension, in order. Tests and declarations of types are none. */
function modulesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).flatMap((file) => /^([\w-]+)\.(?:ts|js)$/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** Finds the file of a module in a folder by its name without extension; null when there is none. */
export function moduleIn(folder: string, name: string): string | null {
  const [source, compiled] = [join(folder, `${name}.ts`), join(folder, `${name}.js`)];
  if (existsSync(source) && loadsTypeScript()) return source;
  return existsSync(compiled) ? compiled : null;
}

/** The default export of a module, for CommonJS and ES modules. */
export function defaultOf(exported: unknown): unknown {
  return isObject(exported) && 'default' in exported ? exported['default'] : exported;
}

/** The message of an error, indented. Errors may come from another realm, where `instanceof` fails, and span several lines. */
function messageOf(error: unknown): string {
  const message = isObject(error) && typeof error['message'] === 'string' ? error['message'] : String(error);
  return message.replaceAll('\n', '\n    ');
}
