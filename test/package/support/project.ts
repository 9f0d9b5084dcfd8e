import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Outcome } from '../../cli/repository';
import { OWN_NODE } from './nodes';

const ROOT = join(__dirname, '..', '..', '..');

/** The environment of a terminal: without what Jest adds, and with nothing that Sojourn has fetched before. */
export function terminal(cache: string, { program } = OWN_NODE): NodeJS.ProcessEnv {
  const { JEST_WORKER_ID: _worker, NODE_ENV: _env, SOJOURN_TEST_RIG: _rig, ...rest } = process.env;
  return { ...rest, SOJOURN_CACHE: cache, PATH: [dirname(program), process.env['PATH']].join(delimiter) };
}

/** Runs a program to its end. Returns the outcome also when the exit code is not 0. */
export async function outcomeOf(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  try {
    return { code: 0, ...(await promisify(execFile)(program, [...args], { cwd, env, maxBuffer: 2 ** 26 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}

/** A program that runs until it is stopped. */
export interface Service {
  readonly process: ChildProcess;
  /** All that it has printed. */
  screen(): string;
  /** Sends a signal, and waits for the end. Returns the exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a program. */
export function serve(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Service {
  const child = spawn(program, args, { cwd, env });
  let screen = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (screen += chunk.toString()));
  return {
    process: child,
    screen: () => screen,
    stop: async (signal) => {
      if (child.exitCode !== null) return child.exitCode;
      child.kill(signal);
      const [code] = (await once(child, 'exit')) as [number | null];
      return code;
    },
  };
}

/**
 * Makes a project as `npx ./sojourn-1.0.0.tgz init <name>` does. npx would install all dependencies once more, which costs a minute; here
 * those of this repository serve.
 */
export async function init(archive: string, folder: string, name: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const installed = join(folder, 'npx', 'node_modules', 'sojourn');
  mkdirSync(installed, { recursive: true });
  await promisify(execFile)('tar', ['-xzf', archive, '-C', installed, '--strip-components=1']);
  const dependencies = { sojourn: `file:${archive}` };
  writeFileSync(join(folder, 'npx', 'package.json'), JSON.stringify({ dependencies }));
  const main = join(installed, 'dist', 'cli', 'main.js');
  return outcomeOf(process.execPath, [main, 'init', name], folder, { ...env, NODE_PATH: join(ROOT, 'node_modules') });
}
