import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');

/** How a run of Jest ended. Its report is on `stderr`. */
export interface JestRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one test file with Jest, as a team would in a repository of its own; `sojourn` is ours. */
export async function runJest(folder: string, file: string): Promise<JestRun> {
  const config = join(folder, 'jest.config.json');
  const transform = { '^.+\\.ts$': [require.resolve('@swc/jest'), { jsc: { parser: { syntax: 'typescript' } } }] };
  const moduleNameMapper = { '^sojourn$': join(ROOT, 'index.ts'), '^sojourn/testing$': join(ROOT, 'testing.ts') };
  writeFileSync(config, JSON.stringify({ rootDir: folder, testEnvironment: 'node', transform, moduleNameMapper }));
  const args = [require.resolve('jest/bin/jest'), '--config', config, '--runTestsByPath', file];
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, args, { cwd: folder })) };
  } catch (error) {
    return error as JestRun;
  }
}
