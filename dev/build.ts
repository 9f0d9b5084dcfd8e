import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleWorkflows } from '../temporal/bundle';
import { SWAGGER_FILES, swaggerFolder } from '../api/docs-files';
import { bundleSdk } from './bundle-sdk';

const ROOT = join(__dirname, '..');

/** Where a build goes. */
export interface BuildFolders {
  /** The package `sojourn`. */
  readonly dist: string;
  /** The package `@sojourn/browser`. */
  readonly sdk: string;
}

/** The folders of `npm run build`. */
const USUAL: BuildFolders = { dist: join(ROOT, 'dist'), sdk: join(ROOT, 'sdk', 'browser', 'dist') };

/**
 * Builds both packages: compiled code with its types, the workflow bundle, the browser SDK, Swagger UI, the project that `sojourn init` copies, and the
 * example journeys, which only the image has.
 * @param options further options of the compiler
 */
export async function build({ dist, sdk }: BuildFolders, ...options: readonly string[]): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  compile('tsconfig.build.json', '--outDir', dist, ...options);
  cpSync(join(ROOT, 'journeys'), join(dist, 'journeys'), { recursive: true, filter: (file) => !file.endsWith('.ts') });
  cpSync(join(ROOT, 'project'), join(dist, 'project'), { recursive: true });
  writeFileSync(join(dist, 'workflow-bundle.js'), await bundleWorkflows());
  await buildSdk(sdk, join(dist, 'sdk'), options);
  const swagger = swaggerFolder();
  for (const name of [...SWAGGER_FILES, 'swagger-ui-bundle.js.LICENSE.txt', 'LICENSE', 'NOTICE'])
    cpSync(join(swagger, name), join(dist, 'swagger-ui', name));
}

/** Builds `@sojourn/browser`, and puts what the API serves of it into a folder of its own. */
async function buildSdk(own: string, served: string, options: readonly string[]): Promise<void> {
  rmSync(own, { recursive: true, force: true });
  const types = join(own, 'types');
  compile(
    join('sdk', 'browser', 'src'),
    '--outDir',
    types,
    '--emitDeclarationOnly',
    '--sourceMap',
    'false',
    ...options,
  );
  // The package has no `type`, so that its sources can be read as they are. What is built are modules, and these name files.
  writeFileSync(join(own, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    const file = join(types, name);
    if (file.endsWith('.d.ts'))
      writeFileSync(file, readFileSync(file, 'utf8').replace(/((?:from|import\() ?'\.[^']*)'/g, "$1.js'"));
  }
  const { files } = await bundleSdk();
  for (const folder of [own, served])
    for (const [name, content] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
}

function compile(project: string, ...options: readonly string[]): void {
  const compiler = require.resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', project, ...options], { cwd: ROOT, stdio: 'inherit' });
}

if (require.main === module)
  build(USUAL).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
