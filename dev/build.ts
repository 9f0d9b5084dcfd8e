import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleWorkflows } from '../temporal/bundle';
import { SWAGGER_FILES, swaggerFolder } from '../api/docs-files';
import { bundleSdk } from './bundle-sdk';

const ROOT = join(__dirname, '..');
const DIST = join(ROOT, 'dist');
const SDK = join(ROOT, 'sdk', 'browser');

function compile(project: string, ...options: readonly string[]): void {
  const compiler = require.resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', project, ...options], { cwd: ROOT, stdio: 'inherit' });
}

/** Builds `@sojourn/browser`, and puts what the API serves of it into `dist/sdk/`. */
async function buildSdk(): Promise<void> {
  const own = join(SDK, 'dist');
  rmSync(own, { recursive: true, force: true });
  compile(join(SDK, 'src'), '--emitDeclarationOnly', '--sourceMap', 'false');
  // The package has no `type`, so that its sources can be read as they are. What is built are modules, and these name files.
  writeFileSync(join(own, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const name of readdirSync(join(own, 'types'), { recursive: true, encoding: 'utf8' })) {
    const file = join(own, 'types', name);
    if (file.endsWith('.d.ts'))
      writeFileSync(file, readFileSync(file, 'utf8').replace(/((?:from|import\() ?'\.[^']*)'/g, "$1.js'"));
  }
  const { files } = await bundleSdk();
  for (const folder of [own, join(DIST, 'sdk')])
    for (const [name, content] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
}

/** `npm run build`: compiles to `dist/`, and adds the templates of the journeys, the workflow bundle, the browser SDK and Swagger UI. */
async function build(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  compile('tsconfig.build.json');
  cpSync(join(ROOT, 'journeys'), join(DIST, 'journeys'), { recursive: true, filter: (file) => !file.endsWith('.ts') });
  writeFileSync(join(DIST, 'workflow-bundle.js'), await bundleWorkflows());
  await buildSdk();
  const swagger = swaggerFolder();
  for (const name of [...SWAGGER_FILES, 'swagger-ui-bundle.js.LICENSE.txt', 'LICENSE', 'NOTICE'])
    cpSync(join(swagger, name), join(DIST, 'swagger-ui', name));
}

build().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
