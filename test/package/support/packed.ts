import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { build } from '../../../dev/build';

const ROOT = join(__dirname, '..', '..', '..');

/** A package as it would be published. */
export interface Packed {
  readonly archive: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** The paths of its files. */
  readonly files: readonly string[];
}

const described = z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) });

/** Builds both packages into a folder, without the type checks that `npm run typecheck` makes, and packs them. */
export async function packBoth(folder: string): Promise<{ readonly sojourn: Packed; readonly browser: Packed }> {
  const [own, browser] = [join(folder, 'sojourn'), join(folder, 'browser')];
  await build({ dist: join(own, 'dist'), sdk: join(browser, 'dist') }, '--noCheck');
  mkdirSync(browser, { recursive: true });
  for (const file of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'])
    copyFileSync(join(ROOT, file), join(own, file));
  for (const file of ['package.json', 'README.md', 'LICENSE'])
    copyFileSync(join(ROOT, 'sdk', 'browser', file), join(browser, file));
  return { sojourn: pack(own, folder), browser: pack(browser, folder) };
}

function pack(from: string, into: string): Packed {
  // What `prepack` does is done.
  const output = execFileSync('npm', ['pack', from, '--ignore-scripts', '--json'], { cwd: into, encoding: 'utf8' });
  // npm 11 answers with a list, later ones with an object by name.
  const [answer] = Object.values(z.record(z.string(), z.json()).or(z.array(z.json())).parse(JSON.parse(output)));
  const { filename, size, files } = described.parse(answer);
  return { archive: join(into, filename), size, files: files.map(({ path }) => path) };
}
