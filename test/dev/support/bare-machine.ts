import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs that are needed to unpack an archive and to run the scripts. */
const NEEDED = ['tar', 'gzip', 'mv', 'sleep'];

/** A simulated machine without Temporal and Go, and with an empty cache. */
export interface BareMachine {
  /** The environment of a process on this machine. */
  readonly env: Readonly<Record<string, string>>;
  /** Returns the names of all files in the cache, including leftovers of failed fetches. */
  fetched(): string[];
  /** Installs a program that consists of the lines of a shell script. */
  install(name: string, ...lines: readonly string[]): void;
}

/** Creates a bare machine in a folder. */
export function bareMachine(folder: string): BareMachine {
  const [programs, cache] = [join(folder, 'programs'), join(folder, 'cache')];
  for (const each of [programs, cache]) mkdirSync(each);
  for (const name of NEEDED) symlinkSync(onPath(name), join(programs, name));
  return {
    env: { TEMPORAL_CLI: '', PATH: programs, SOJOURN_CACHE: cache },
    fetched: () => readdirSync(cache),
    install: (name, ...lines) => writeScript(join(programs, name), lines),
  };
}

/** Creates an archive like the downloaded one, with a program that prints `output`. Returns its path. */
export function archiveOf(folder: string, name: string, output: string): string {
  const [content, archive] = [join(folder, 'content'), join(folder, 'archive.tar.gz')];
  mkdirSync(content);
  writeScript(join(content, name), [`echo '${output}'`]);
  writeFileSync(join(content, 'LICENSE'), '');
  execFileSync('tar', ['-czf', archive, '-C', content, name, 'LICENSE']);
  return archive;
}

function writeScript(path: string, lines: readonly string[]): void {
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
}

function onPath(name: string): string {
  const { PATH = '' } = process.env;
  const found = PATH.split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`Program not found: expected ${name} on PATH.`);
  return found;
}
