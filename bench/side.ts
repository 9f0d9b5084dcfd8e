import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Pool } from 'pg';
import { until } from '../dev/until';
import { ApiClient } from './client';
import type { News } from './part';

/** What both sides are given. */
export interface SideOptions {
  readonly name: 'ours' | 'native';
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly databaseUrl: string;
  readonly writeKey: string;
}

/** One of the two that are compared: an API and a worker, each a process, over a database of their own. */
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
    processes.worker.on('message', (news: News) => {
      if (news.kind === 'delivered') this.take(keyOf(news.userId, news.template), news.at);
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

  /** Resolves with the moment the delivery of a mail began, by the monotonic clock. Ask before what causes it. */
  delivery(userId: string, template: string): Promise<number> {
    return new Promise((resolve) => this.awaited.set(keyOf(userId, template), resolve));
  }

  /** Waits until the database says that so many runs are complete, and that no message is on its way. */
  async settled(completedRuns: number): Promise<void> {
    const isSettled = async (): Promise<boolean> => {
      const { rows } = await this.pool.query<{ runs: string; open: string }>(
        `SELECT (SELECT count(*) FROM runs WHERE status = 'completed') AS runs,
           (SELECT count(*) FROM messages WHERE status <> 'sent') AS open`,
      );
      return Number(rows[0]?.runs) === completedRuns && Number(rows[0]?.open) === 0;
    };
    await until(`${this.name} has ${completedRuns} complete runs`, isSettled);
  }

  async stop(): Promise<void> {
    this.api.close();
    await Promise.all([this.pool.end(), ...Object.values(this.processes).map(stopPart)]);
  }

  private take(key: string, at: number): void {
    this.awaited.get(key)?.(at);
    this.awaited.delete(key);
  }
}

function keyOf(userId: string, template: string): string {
  return `${userId} ${template}`;
}

async function startPart(part: 'api' | 'worker', { name, env }: SideOptions): Promise<ChildProcess> {
  // In a process group of its own, so that Ctrl-C in the terminal reaches us and not it.
  const child = fork(join(__dirname, name, part), { env: { ...process.env, ...env }, detached: true });
  const [news] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`The ${part} of ${name} ended before it was ready.`))),
  ])) as [News];
  if (news.kind !== 'ready') throw new Error(`The ${part} of ${name} began with ${news.kind}.`);
  return child;
}

async function stopPart(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
