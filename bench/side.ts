import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Pool } from 'pg';
import { until } from '../dev/until';
import { ApiClient } from './client';
import type { PartMessage } from './part';

/** How a side is started. */
export interface SideOptions {
  readonly name: 'ours' | 'native';
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly databaseUrl: string;
  readonly writeKey: string;
}

/** One of the two compared implementations: an API process and a worker process with their own database. */
export class Side {
  readonly name: SideOptions['name'];
  readonly api: ApiClient;
  readonly pool: Pool;
  readonly databaseUrl: string;
  private readonly awaited = new Map<string, (at: number) => void>();

  private constructor(
    { name, port, databaseUrl, writeKey }: SideOptions,
    private readonly processes: { readonly api: ChildProcess; readonly worker: ChildProcess },
  ) {
    this.name = name;
    this.api = new ApiClient(port, writeKey);
    this.databaseUrl = databaseUrl;
    this.pool = new Pool({ connectionString: databaseUrl, max: 4 });
    processes.worker.on('message', (message: PartMessage) => {
      if (message.kind === 'delivered') this.resolveDelivery(keyOf(message.userId, message.template), message.at);
    });
  }

  /** Starts both processes. */
  static async start(options: SideOptions): Promise<Side> {
    const [api, worker] = await Promise.all([startPart('api', options), startPart('worker', options)]);
    return new Side(options, { api, worker });
  }

  get pids(): { readonly api: number; readonly worker: number } {
    return { api: this.processes.api.pid ?? 0, worker: this.processes.worker.pid ?? 0 };
  }

  /**
   * Waits for the delivery of a mail. Call this before the request that causes the mail.
   * @returns when the delivery began, milliseconds of the monotonic clock
   */
  delivery(userId: string, template: string): Promise<number> {
    return new Promise((resolve) => this.awaited.set(keyOf(userId, template), resolve));
  }

  /** Waits until the database has this many completed runs, and all messages are sent. */
  async untilComplete(completedRuns: number): Promise<void> {
    const isComplete = async (): Promise<boolean> => {
      const { rows } = await this.pool.query<{ runs: string; open: string }>(
        `SELECT (SELECT count(*) FROM runs WHERE status = 'completed') AS runs,
           (SELECT count(*) FROM messages WHERE status <> 'sent') AS open`,
      );
      return Number(rows[0]?.runs) === completedRuns && Number(rows[0]?.open) === 0;
    };
    await until(`${this.name} has ${completedRuns} completed runs`, isComplete);
  }

  async stop(): Promise<void> {
    this.api.close();
    await Promise.all([this.pool.end(), ...Object.values(this.processes).map(stopPart)]);
  }

  private resolveDelivery(key: string, at: number): void {
    this.awaited.get(key)?.(at);
    this.awaited.delete(key);
  }
}

function keyOf(userId: string, template: string): string {
  return `${userId} ${template}`;
}

async function startPart(part: 'api' | 'worker', { name, env }: SideOptions): Promise<ChildProcess> {
  // `detached` gives the child its own process group, so that Ctrl-C in the terminal reaches only this process.
  const child = fork(join(__dirname, name, part), { env: { ...process.env, ...env }, detached: true });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`The ${part} of ${name} exited before it was ready.`))),
  ])) as [PartMessage];
  if (message.kind !== 'ready')
    throw new Error(`Expected 'ready' as the first message of the ${part} of ${name}, got '${message.kind}'.`);
  return child;
}

async function stopPart(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
