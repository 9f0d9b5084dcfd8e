import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

/**
 * Compiles a folder of journeys to JavaScript. The API of a test runs in Jest and its workers in tsx, which compile TypeScript to different
 * texts. So they have different versions of the journeys, and the workers take everybody to be edited.
 * @param parent a folder from which the packages that journeys import are found
 * @returns the folder of the compiled journeys
 */
export function compiledJourneys(source: string, parent: string): string {
  const folder = mkdtempSync(join(parent, '.compiled-'));
  cpSync(source, folder, { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )) {
    const file = join(folder, name);
    const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', format: 'cjs', target: 'es2022' });
    writeFileSync(file.replace(/ts$/, 'js'), code);
    rmSync(file);
  }
  return folder;
}
