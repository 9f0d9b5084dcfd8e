import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the browser SDK, by their path below its folder, with `/`. */
export type SdkFiles = ReadonlyMap<string, Uint8Array>;

/** The folders of the built SDK: the modules that apps name, the chunks that these load, and the pages of the gallery. */
const FOLDERS = ['', 'chunks/', 'gallery/'];

/** Reads the built SDK. Empty where it has not been built, as when the API runs from its sources. */
export function readSdkFiles(folder: string): SdkFiles {
  return new Map(
    FOLDERS.flatMap((below) =>
      namesIn(join(folder, below))
        .filter((name) => /\.(js|js\.map|html|css|svg)$/.test(name))
        .map((name) => [below + name, readFileSync(join(folder, below, name))] as const),
    ),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
