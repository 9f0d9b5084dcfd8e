import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { transform } from '@swc/core';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import type { SdkFiles } from '../api/sdk-files';
import { CUSTOM_PROPERTIES } from '../look/custom-properties';
import { ICON, SIGN } from '../look/sign';

const SOURCE = join(__dirname, '..', 'sdk', 'browser', 'src');

/** Modules that apps import. `kinds.js` is for the classic script, which is no module. */
const ENTRIES = { index: 'index.ts', core: 'core.ts', react: 'react.ts', survey: 'survey.ts', kinds: 'kinds/index.ts' };

/** The scripts of the gallery, which stand beside the modules so that they share their chunks. */
const GALLERY = { 'gallery-page': 'gallery/page.ts', 'gallery-frame': 'gallery/frame.ts' };

/** What all builds have in common. Nothing is written: the files are served from memory, or the caller writes them. */
const SHARED = {
  outdir: SOURCE,
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
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
    bundle(SOURCE, {
      entryPoints: Object.entries({ ...ENTRIES, ...GALLERY }).map(([out, source]) => ({ in: source, out })),
      chunkNames: 'chunks/[name]-[hash]',
      splitting: true,
      external: ['react'],
    }),
    bundle(SOURCE, { entryPoints: [{ in: 'classic.ts', out: 'sojourn' }], format: 'iife' }),
  ]);
  const files = new Map([...modules.files, ...classic.files, ...galleryPages()]);
  return {
    files,
    firstSize: (entry) => compressedSize(files, imported(modules.outputs, `${entry}.js`)),
  };
}

/** What `index.ts` is where a bundler puts all that it loads later into the same file. */
const ALL = `import { startInBrowser } from './browser';
import { configure, defineWidgets, renderers } from './kinds/index';
const kinds = Promise.resolve({ configure, defineWidgets, renderers });
export const Sojourn = { start: (options) => startInBrowser(options, () => kinds) };`;

/** Bytes of the SDK in one file, with every kind of message and every widget: all that a page in English could ever load. */
export async function wholeSize(): Promise<number> {
  return sizeOf(SOURCE, { stdin: { contents: ALL, resolveDir: SOURCE, loader: 'ts' }, external: ['./languages/*'] });
}

/** Bytes of the core in one file. */
export async function coreSize(): Promise<number> {
  return sizeOf(SOURCE, { entryPoints: [ENTRIES.core] });
}

/** Bytes that a page in another language loads beside that. */
export async function languageSize(language: string): Promise<number> {
  return sizeOf(SOURCE, { entryPoints: [`kinds/languages/${language}.ts`] });
}

/** Bytes of the JavaScript of a build, each file compressed by brotli. */
export async function sizeOf(folder: string, options: BuildOptions): Promise<number> {
  const { files } = await bundle(folder, { ...options, sourcemap: false });
  return compressedSize(
    files,
    [...files.keys()].filter((name) => name.endsWith('.js')),
  );
}

/** Runs esbuild, and SWC over what it has made: SWC finds shorter code, which saves 4%. */
async function bundle(
  folder: string,
  options: BuildOptions,
): Promise<{ readonly files: Map<string, Uint8Array>; readonly outputs: Metafile['outputs'] }> {
  const { outputFiles, metafile } = await build({ ...SHARED, absWorkingDir: folder, outdir: folder, ...options });
  const made = new Map((outputFiles ?? []).map(({ path, contents }) => [relative(folder, path), contents] as const));
  const files = new Map(made);
  const minify = async (name: string, code: Uint8Array): Promise<void> => {
    const map = made.get(`${name}.map`);
    const shorter = await transform(Buffer.from(code).toString(), {
      ...{ swcrc: false, configFile: false, isModule: options.format !== 'iife', minify: true },
      ...(map && { sourceMaps: true, inputSourceMap: Buffer.from(map).toString() }),
      jsc: { target: 'es2022', minify: { compress: { passes: 2 }, mangle: true, module: options.format !== 'iife' } },
    });
    files.set(name, Buffer.from(shorter.code + (map ? `//# sourceMappingURL=${basename(name)}.map\n` : '')));
    if (shorter.map !== undefined) files.set(`${name}.map`, Buffer.from(shorter.map));
  };
  await Promise.all([...made].filter(([name]) => name.endsWith('.js')).map(([name, code]) => minify(name, code)));
  return { files, outputs: metafile?.outputs ?? {} };
}

/** The pages of the gallery, and what they show, with the tokens and the sign that all pages have. */
function galleryPages(): (readonly [string, Uint8Array])[] {
  const own = readdirSync(join(SOURCE, 'gallery'))
    .filter((name) => !name.endsWith('.ts'))
    .map((name): [string, Uint8Array] => [name, readFileSync(join(SOURCE, 'gallery', name))]);
  const all = new Map([...own, ['sign.svg', Buffer.from(SIGN)], ['icon.svg', Buffer.from(ICON)]]);
  all.set('site.css', Buffer.concat([Buffer.from(CUSTOM_PROPERTIES), all.get('site.css') ?? new Uint8Array()]));
  return [...all].map(([name, content]) => [`gallery/${name}`, content]);
}

/** Bytes of some of the files, each compressed by brotli. */
function compressedSize(files: ReadonlyMap<string, Uint8Array>, names: Iterable<string>): number {
  return [...names].reduce((sum, name) => sum + brotliCompressSync(files.get(name) ?? new Uint8Array()).length, 0);
}

/** A file and what it imports at once, directly or not. */
function imported(outputs: Metafile['outputs'], entry: string): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const name of found)
    for (const { path, kind, external } of outputs[name]?.imports ?? [])
      if (!external && kind === 'import-statement') found.add(path);
  return found;
}
