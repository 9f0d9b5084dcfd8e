import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import type { Part } from '../teardown';

/** An editor may write several files, or one in several steps. Their changes count as one when they are this close. Real milliseconds. */
const QUIET_MS = 200;

/** Watches files and folders for changes. */
export interface FileWatch extends Part {
  /** Watches these files and folders as well. */
  add(paths: readonly string[]): void;
}

/**
 * Whether the file can be part of journeys: hidden files, packages and tests can't.
 * @param folders the folders of the journeys
 */
export function canMatter(file: string, folders: readonly string[]): boolean {
  const inside = folders.map((folder) => relative(folder, file)).find((path) => !path.startsWith('..'));
  const segments = (inside ?? '').split(sep);
  return !segments.some((name) => name === 'node_modules' || name.startsWith('.') || /\.test\.[jt]sx?$|~$/.test(name));
}

/**
 * Watches the folders of journeys.
 * @param source its folders are asked for again and again, because an edit may add one
 * @param onChange called with the changed files, once they have been quiet for a moment
 * @returns the watch, once it sees every change
 */
export async function watchFolders(
  source: { readonly folders: readonly string[]; readonly beside: readonly string[] },
  onChange: (files: readonly string[]) => void,
): Promise<FileWatch> {
  const watcher = watch([...source.folders, ...source.beside], {
    ignoreInitial: true,
    ignored: (path) => !canMatter(path, source.folders),
  });
  const changed = new Set<string>();
  let quiet: NodeJS.Timeout | undefined;
  watcher.on('all', (_event, path) => {
    changed.add(path);
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      const files = [...changed];
      changed.clear();
      onChange(files);
    }, QUIET_MS);
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return {
    add: (paths) => void watcher.add([...paths]),
    stop: async () => {
      clearTimeout(quiet);
      await watcher.close();
    },
  };
}
