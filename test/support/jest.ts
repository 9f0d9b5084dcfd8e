import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');

/** The result of a Jest process. Jest writes its report to `stderr`. */
export interface JestRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one test file with Jest, as a team would in its own repository. `sojourn` resolves to this repository. */
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
