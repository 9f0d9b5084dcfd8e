import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** What compiled journeys need to be, whatever the project says for its editor. */
const OPTIONS = {
  noEmit: false,
  noEmitOnError: true,
  module: 'node16',
  moduleResolution: 'node16',
  sourceMap: true,
  inlineSources: true,
  declaration: false,
  incremental: false,
  composite: false,
};

/**
 * Compiles a folder of journeys with the project's own TypeScript, and copies everything else that is in it. TypeScript checks the types,
 * and prints its errors.
 * @param source the folder of the journeys, inside the working directory
 * @param dist what is compiled goes to the same place below this folder
 * @returns the folder of the compiled journeys
 * @throws {Error} when TypeScript is not installed, or finds an error
 */
export function compileJourneys(source: string, dist: string): string {
  const project = process.cwd();
  const path = relative(project, source);
  if (path.startsWith('..') || !existsSync(source) || !statSync(source).isDirectory())
    throw new Error(`Cannot build ${source}: expected a folder of journeys inside ${project}.`);
  const compiler = compilerOf(project);
  const target = join(dist, path);
  rmSync(target, { recursive: true, force: true });
  // Inside the project, so that the compiler finds the types that it has installed.
  mkdirSync(dist, { recursive: true });
  const scratch = mkdtempSync(join(dist, 'build-'));
  try {
    const config = join(scratch, 'tsconfig.json');
    writeFileSync(config, JSON.stringify(configuration(project, source, dist)));
    execFileSync(process.execPath, [compiler, '-p', config], { cwd: project, stdio: 'inherit' });
  } catch (cause) {
    if (cause instanceof Error && 'status' in cause && typeof cause.status === 'number')
      throw new Error('The journeys do not compile. The errors are above.', { cause });
    throw cause;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  cpSync(source, target, { recursive: true, filter: (file) => !file.endsWith('.ts') });
  return target;
}

function compilerOf(project: string): string {
  try {
    return require.resolve('typescript/bin/tsc', { paths: [project] });
  } catch (cause) {
    throw new Error('Building needs TypeScript: npm install --save-dev typescript', { cause });
  }
}

function configuration(project: string, source: string, dist: string): object {
  const own = resolve(project, 'tsconfig.json');
  return {
    ...(existsSync(own) && { extends: own }),
    compilerOptions: { ...OPTIONS, rootDir: project, outDir: dist },
    include: [join(source, '**', '*.ts')],
    exclude: [join(source, '**', '*.test.ts'), dist],
  };
}
