import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { ownArchive } from './own-archive';
import { projectManifest } from './project-manifest';
import type { NewFiles } from '../write-new';

/** What `init` and `new` copy from. */
export const PROJECT = join(__dirname, '..', '..', 'project');

/** The journey that `sojourn new journey` copies. A new project begins without it. */
export const NEW_JOURNEY = 'new-journey';

/** Files that go by another name until they are in a project, since npm, TypeScript and git would take them for ours. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^_tsconfig\.json$/, 'tsconfig.json'],
  [/^_/, '.'],
];

/**
 * The files of a new project.
 * @param name the name of its folder
 */
export function projectFiles(name: string): NewFiles {
  const archive = ownArchive();
  const version = archive === null ? null : `file:${basename(archive)}`;
  return new Map<string, string | Buffer>([
    ['package.json', projectManifest(name, version)],
    ...(archive === null ? [] : [[basename(archive), readFileSync(archive)] as const]),
    ...filesIn(PROJECT)
      .filter((file) => !file.startsWith(`journeys/${NEW_JOURNEY}/`))
      .map((file) => [nameInProject(file), readFileSync(join(PROJECT, file), 'utf8')] as const),
  ]);
}

/** The files in a folder and below, with `/`, in order. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll(sep, '/'))
    .sort();
}

function nameInProject(file: string): string {
  return NAMES.reduce((name, [from, to]) => name.replace(from, to), file);
}
