import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { PACKAGE_FOLDER } from './package-folder';

const manifest = z.object({ dependencies: z.record(z.string(), z.string()).optional() });

/**
 * The archive that this package was installed from, as by `npx ./sojourn-1.0.0.tgz init`. A project made by it uses the same one.
 * @returns null when it was installed from a registry
 */
export function ownArchive(): string | null {
  const modules = dirname(PACKAGE_FOLDER);
  const file = join(dirname(modules), 'package.json');
  if (!modules.endsWith('node_modules') || !existsSync(file)) return null;
  const { dependencies = {} } = manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  const [, path] = /^file:(.*\.tgz)$/.exec(dependencies['sojourn'] ?? '') ?? [];
  return path === undefined ? null : resolve(dirname(modules), path);
}
