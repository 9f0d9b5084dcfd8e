import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../../../dev/port';
import { until } from '../../support/until';

/** A running `npm start` in a temporary folder. */
export interface Started {
  readonly process: ChildProcessWithoutNullStreams;
  /** Returns all output so far. */
  readonly screen: () => string;
}

/** Returns the variables that give each page a free port. */
export async function freePorts(): Promise<Record<string, string>> {
  const names = ['PORT', 'TEMPORAL_UI_PORT', 'MAILBOX_PORT', 'METRICS_PORT'];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())] as const)));
}

/**
 * Starts `npm start` in a folder.
 * @param options what stands behind `npm start --`
 */
export function start(folder: string, env: Record<string, string>, ...options: readonly string[]): Started {
  const args = ['--import', require.resolve('tsx'), join(__dirname, '..', '..', '..', 'start.ts'), ...options];
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } });
  let screen = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (screen += chunk.toString()));
  return { process: child, screen: () => screen };
}

/** Returns the screen once everything runs. */
export async function untilRunning({ process: child, screen }: Started): Promise<string> {
  const isRunning = (): boolean => screen().includes('Sojourn is running.');
  await until('everything runs, or the process has ended', () => isRunning() || child.exitCode !== null);
  if (!isRunning()) throw new Error(screen());
  return screen();
}

/** Presses Ctrl-C. Returns the exit code. */
export async function interrupt({ process: child }: Started): Promise<number | null> {
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** Returns the subjects of the mails that have arrived. */
export async function subjects(env: Record<string, string>): Promise<string[]> {
  const answer = await fetch(`http://localhost:${env['MAILBOX_PORT']}/email`);
  return ((await answer.json()) as { subject: string }[]).map(({ subject }) => subject);
}
