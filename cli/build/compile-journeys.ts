import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compilerIn, configurationFor } from './compiler';

/** What compiled journeys need to be, whatever the project says for its editor. */
const OPTIONS = { noEmit: false, noEmitOnError: true, sourceMap: true, inlineSources: true, incremental: false };

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
  const compiler = compilerIn(project);
  if (compiler === null) throw new Error('Building needs TypeScript: npm install --save-dev typescript');
  const target = join(dist, path);
  rmSync(target, { recursive: true, force: true });
  // Inside the project, so that the compiler finds the types that it has installed.
  mkdirSync(dist, { recursive: true });
  const scratch = mkdtempSync(join(dist, 'build-'));
  try {
    const config = join(scratch, 'tsconfig.json');
    const options = { ...OPTIONS, rootDir: project, outDir: dist };
    writeFileSync(config, JSON.stringify(configurationFor({ project, source, options, exclude: [dist] })));
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
