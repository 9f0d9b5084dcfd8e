import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { until } from './until';

/** A program we started and will stop. */
export interface Child {
  /** Its process id; undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Settles when the program has ended, with how and the end of its log. Never rejects. */
  readonly exited: Promise<string>;
  /** What it has written to its log so far. */
  said(): string;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
}

/**
 * File descriptor 3 is a pipe from us. When we end, in whatever way, it is closed, and the watcher ends the program:
 * nothing is left behind holding its port. `$$` is also the program's process id, for the shell is replaced by it.
 */
const WATCHER = 'cat <&3; kill -INT $$ && sleep 10 && kill -KILL $$';
const LIFELINE = `(${WATCHER}) >/dev/null 2>&1 & exec "$@" 3<&-`;

const PATIENCE_MS = 20_000;

/** Starts a program in a process group of its own, so that Ctrl-C in the terminal reaches us and not it. */
export function startChild({ command, args, logFile }: ChildOptions): Child {
  const log = openSync(logFile, 'a');
  const { size: before } = fstatSync(log);
  const said = (): string => readFileSync(logFile).subarray(before).toString();
  const child = spawn('sh', ['-c', LIFELINE, 'sh', command, ...args], {
    stdio: ['ignore', log, log, 'pipe'],
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      child.stdio[3]?.destroy();
      resolve(`${command} ended (${signal ?? `code ${code}`})\n${lastLines(said())}`);
    });
  });
  return {
    pid: child.pid,
    exited,
    said,
    stop: async (signal) => {
      child.kill(signal);
      const overdue = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await exited;
      clearTimeout(overdue);
    },
  };
}

/**
 * Waits for the program to be of use.
 * @throws {Error} with the end of its log when it ends instead
 */
export async function untilReady(child: Child, what: string, condition: () => unknown): Promise<void> {
  const ended = new AbortController();
  void child.exited.then((how) => ended.abort(new Error(how)));
  await until(what, condition, { signal: ended.signal });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-12).join('\n');
}
