import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { SetupError } from './setup-error';
import { until, type Truthy } from './until';

/** A program that runs as our child process. */
export interface Child {
  /** The process id; undefined when the program could not be started. */
  readonly pid: number | undefined;
  /** Resolves when the program has ended, with the exit code or signal and the end of its log. Never rejects. */
  readonly exited: Promise<string>;
  readonly logFile: string;
  /** Returns what the program has written to its log since it was started. */
  output(): string;
  /** Sends a signal, and resolves when the program has ended. Kills the program if it takes longer than 20 seconds. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
}

/**
 * File descriptor 3 is a pipe from our process. The pipe closes when our process ends for any reason. The watcher then ends the
 * program, so that no orphan keeps its port. `$$` is also the process id of the program, because `exec` replaces the shell.
 */
const WATCHER = 'cat <&3; kill -INT $$ && sleep 10 && kill -KILL $$';
const LIFELINE = `(${WATCHER}) >/dev/null 2>&1 & exec "$@" 3<&-`;

/** Time for a program to end after a signal, before it is killed. */
const STOP_TIMEOUT_MS = 20_000;

/** Starts a program in its own process group, so that Ctrl-C in the terminal reaches our process but not the program. */
export function startChild({ command, args, logFile }: ChildOptions): Child {
  const log = openSync(logFile, 'a');
  const { size: before } = fstatSync(log);
  const output = (): string => readFileSync(logFile).subarray(before).toString();
  const child = spawn('sh', ['-c', LIFELINE, 'sh', command, ...args], {
    stdio: ['ignore', log, log, 'pipe'],
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      child.stdio[3]?.destroy();
      resolve(`${command} ended (${signal ?? `code ${code}`})\n${lastLines(output())}`);
    });
  });
  return {
    pid: child.pid,
    logFile,
    exited,
    output,
    stop: async (signal) => {
      child.kill(signal);
      const overdue = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(overdue);
    },
  };
}

/**
 * Waits until a program is ready.
 * @param what names the condition in the error
 * @param condition returns a truthy value once the program is ready
 * @throws {SetupError} with the end of the log, when the program ends first
 */
export async function untilReady<T>(child: Child, what: string, condition: () => T | Promise<T>): Promise<Truthy<T>> {
  const ended = new AbortController();
  void child.exited.then((how) => ended.abort(new SetupError(`${how}\nIts log is ${child.logFile}.`)));
  return until(what, condition, { signal: ended.signal });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-12).join('\n');
}
