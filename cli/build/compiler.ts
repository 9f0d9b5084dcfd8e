import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What journeys need of TypeScript, whatever the project says for its editor. */
const OPTIONS = { module: 'node16', moduleResolution: 'node16', declaration: false, composite: false };

/** Finds the program `tsc` that a project has installed; null when it has none. */
export function compilerIn(project: string): string | null {
  try {
    return require.resolve('typescript/bin/tsc', { paths: [project] });
  } catch {
    return null;
  }
}

/** The journeys of a project, and what TypeScript does with them. */
export interface Compilation {
  /** The folder of the project. Its `tsconfig.json` counts, if there is one. */
  readonly project: string;
  /** The folder of the journeys. Tests are left out. */
  readonly source: string;
  /** Options of the compiler that count more than those of the project. */
  readonly options: object;
  /** More to leave out. */
  readonly exclude: readonly string[];
}

/** The content of a `tsconfig.json` for the journeys of a project. All paths in it are absolute, so it may be in any folder of the project. */
export function configurationFor({ project, source, options, exclude }: Compilation): object {
  const own = resolve(project, 'tsconfig.json');
  return {
    ...(existsSync(own) && { extends: own }),
    compilerOptions: { ...OPTIONS, ...options },
    include: [join(source, '**', '*.ts')],
    exclude: [join(source, '**', '*.test.ts'), ...exclude],
  };
}
