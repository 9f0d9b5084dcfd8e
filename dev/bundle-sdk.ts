import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import type { SdkFiles } from '../api/sdk-files';

const SOURCE = join(__dirname, '..', 'sdk', 'browser', 'src');

/** Modules that apps import. `kinds.js` is for the classic script, which is no module. */
const ENTRIES = { index: 'index.ts', core: 'core.ts', react: 'react.ts', survey: 'survey.ts', kinds: 'kinds/index.ts' };

/** The scripts of the gallery, which stand beside the modules so that they share their chunks. */
const GALLERY = { 'gallery-page': 'gallery/page.ts', 'gallery-frame': 'gallery/frame.ts' };

/** What both builds have in common. Nothing is written: the files are served from memory, or the caller writes them. */
export const SHARED = {
  absWorkingDir: SOURCE,
  outdir: SOURCE,
  bundle: true,
  minify: true,
  sourcemap: true,
  target: 'es2022',
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'warning',
} satisfies BuildOptions;

type Entry = keyof typeof ENTRIES;

/** The bundled SDK. */
export interface SdkBundle {
  readonly files: SdkFiles;
  /** Bytes that an entry loads at once: minified JavaScript, each file compressed by brotli. */
  readonly firstSize: (entry: Entry) => number;
}

/** Bundles the browser SDK: ES modules that share chunks, and `sojourn.js` for pages that load it by a script tag. */
export async function bundleSdk(): Promise<SdkBundle> {
  const [modules, classic] = await Promise.all([
    build({
      ...SHARED,
      entryPoints: Object.entries({ ...ENTRIES, ...GALLERY }).map(([out, source]) => ({ in: source, out })),
      chunkNames: 'chunks/[name]-[hash]',
      format: 'esm',
      splitting: true,
      external: ['react'],
    }),
    build({ ...SHARED, entryPoints: [{ in: 'classic.ts', out: 'sojourn' }], format: 'iife' }),
  ]);
  const files = new Map<string, Uint8Array>([
    ...[...modules.outputFiles, ...classic.outputFiles].map(
      ({ path, contents }) => [relative(SOURCE, path), contents] as const,
    ),
    ...galleryPages(),
  ]);
  return {
    files,
    firstSize: (entry) =>
      [...imported(modules.metafile.outputs, `${entry}.js`)].reduce(
        (sum, name) => sum + compressedSize(files.get(name) ?? new Uint8Array()),
        0,
      ),
  };
}

/** Bytes of an entry bundled into one file with all that it could load later, as a bundler of an app does it. */
export async function bundledSize(entry: Entry): Promise<number> {
  const { outputFiles } = await build({ ...SHARED, sourcemap: false, entryPoints: [ENTRIES[entry]], format: 'esm' });
  return outputFiles.reduce((sum, { contents }) => sum + compressedSize(contents), 0);
}

/** The pages of the gallery, and what they show, unchanged. */
function galleryPages(): (readonly [string, Uint8Array])[] {
  return readdirSync(join(SOURCE, 'gallery'))
    .filter((name) => !name.endsWith('.ts'))
    .map((name) => [`gallery/${name}`, readFileSync(join(SOURCE, 'gallery', name))]);
}

/** Bytes of a file after brotli. */
export function compressedSize(content: Uint8Array): number {
  return brotliCompressSync(content).length;
}

/** A file and what it imports at once, directly or not. */
function imported(outputs: Metafile['outputs'], entry: string): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const name of found)
    for (const { path, kind, external } of outputs[name]?.imports ?? [])
      if (!external && kind === 'import-statement') found.add(path);
  return found;
}
