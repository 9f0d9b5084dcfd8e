import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { compilerIn, configurationFor } from '../../cli/build/compiler';
import { startChild, type Child } from '../child';
import type { Report } from '../report';
import type { Part } from '../teardown';
import { formatProblems, type PlacedProblem } from './place';

/** The most errors that are shown. `sojourn build` lists all of them. */
const MOST = 5;
/** An error of TypeScript: where it is, and what it says, with the lines that explain it. */
const ERROR = /^(?:(.+)\((\d+),(\d+)\): )?error (TS\d+: .*(?:\n[ \t].*)*)/gm;

/** Checks the types of journeys beside everything else, in a process of its own that gives way to all others. */
export class TypeCheck implements Part {
  private child: Child | null = null;
  private hadErrors = false;
  private work: Promise<void> = Promise.resolve();
  /** Aborted as soon as a newer check is wanted. */
  private newest = new AbortController();

  private constructor(
    private readonly compiler: string,
    private readonly folder: string,
    private readonly report: Report,
  ) {}

  /**
   * Prepares the check.
   * @param project the folder whose TypeScript and `tsconfig.json` count
   * @param source the folder of the journeys
   * @param folder a folder inside the project, for what TypeScript keeps between two checks
   * @returns null where TypeScript is not installed, has no settings, or the journeys are not part of the project
   */
  static in(project: string, source: string, folder: string, report: Report): TypeCheck | null {
    const compiler = compilerIn(project);
    const isInside = !/^\.\.|node_modules/.test(relative(project, source));
    if (compiler === null || !isInside || !existsSync(join(project, 'tsconfig.json'))) return null;
    mkdirSync(folder, { recursive: true });
    const options = { noEmit: true, incremental: true, tsBuildInfoFile: join(folder, 'tsbuildinfo') };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify(configurationFor({ project, source, options, exclude: [] })),
    );
    return new TypeCheck(compiler, folder, report);
  }

  /** Checks the files as they are now, and reports errors once they are known. A check under way is dropped. */
  start(): void {
    this.newest.abort();
    this.newest = new AbortController();
    const { signal } = this.newest;
    void this.child?.stop('SIGTERM');
    this.work = this.work.then(() => (signal.aborted ? undefined : this.check(signal)));
  }

  async stop(): Promise<void> {
    this.newest.abort();
    await this.child?.stop('SIGTERM');
    await this.work;
  }

  private async check(signal: AbortSignal): Promise<void> {
    const logFile = join(this.folder, 'log');
    rmSync(logFile, { force: true });
    const compile = [process.execPath, this.compiler, '--pretty', 'false', '-p', join(this.folder, 'tsconfig.json')];
    this.child = startChild({ command: 'nice', args: compile, logFile });
    await this.child.exited;
    const { child } = this;
    this.child = null;
    if (signal.aborted) return;
    const errors = typeErrorsIn(child.output());
    if (errors.length > 0) {
      const more = errors.length > MOST ? `\n\nand ${errors.length - MOST} more: npx sojourn build` : '';
      this.report(`Warning: the types do not fit.\n\n${formatProblems(errors.slice(0, MOST))}${more}\n`);
    } else if (this.hadErrors) this.report('The types fit again.\n');
    this.hadErrors = errors.length > 0;
  }
}

/** Reads the errors in what TypeScript prints without `--pretty`. Its files are relative to the working directory. */
export function typeErrorsIn(output: string): PlacedProblem[] {
  return [...output.matchAll(ERROR)].map(([, file, line, column, text = '']) => ({
    text,
    place: file === undefined ? null : { file: resolve(file), line: Number(line), column: Number(column) - 1 },
  }));
}
