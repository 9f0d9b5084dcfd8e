import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What unpacking an archive takes, and the scripts. */
const NEEDED = ['tar', 'gzip', 'mv', 'sleep'];

/** A machine with no Temporal, no Go and nothing fetched yet. */
export interface BareMachine {
  /** For a process that lives on it. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of all that was fetched, and of what a fetch left behind. */
  fetched(): string[];
  /** Installs a program: lines of a shell script. */
  install(name: string, ...lines: readonly string[]): void;
}

/** Makes one in a folder. */
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

/** An archive as one downloads it, with a program that says `says`. */
export function archiveOf(folder: string, name: string, says: string): string {
  const [content, archive] = [join(folder, 'content'), join(folder, 'archive.tar.gz')];
  mkdirSync(content);
  writeScript(join(content, name), [`echo '${says}'`]);
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
  if (found === undefined) throw new Error(`There is no ${name} on this machine.`);
  return found;
}
