import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Pool } from 'pg';
import { freePort } from '../dev/port';
import { until } from '../dev/until';
import { ApiClient } from './client';
import type { HarnessMessage, PartMessage } from './part';
import type { Shares } from './parts/profiler';

/** The engines to compare with besides Temporal by hand, by the name on the command line. */
export const RIVALS = ['dbos', 'restate'] as const;
export type Rival = (typeof RIVALS)[number];
export type SideName = 'ours' | 'native' | Rival;

/** The server that a side needs besides PostgreSQL. */
export interface EngineServer {
  /** CPU time used so far, with its database if it has one of its own. Seconds. */
  cpu(): number;
}

/** The processes of each side. On DBOS, the workflows run in the process of the app. */
const PARTS: Readonly<Record<SideName, readonly Part[]>> = {
  ours: ['api', 'worker'],
  native: ['api', 'worker'],
  dbos: ['api'],
  restate: ['worker', 'api'],
};
export type Part = 'api' | 'worker';

/** How a side is started. */
export interface SideOptions {
  readonly name: SideName;
  /** The Temporal or Restate server; null for a side that has none. */
  readonly server: EngineServer | null;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly databaseUrl: string;
  readonly writeKey: string;
}

/** One of the compared implementations: an API process and a worker process with their own database. */
export class Side {
  readonly name: SideName;
  readonly server: EngineServer | null;
  readonly api: ApiClient;
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly port: number;
  /** What signs its tokens. */
  readonly secret: string;
  private readonly awaited = new Map<string, (at: number) => void>();

  private readonly secondApis: { readonly api: ApiClient; readonly child: ChildProcess }[] = [];

  private constructor(
    private readonly options: SideOptions,
    private readonly processes: ReadonlyMap<Part, ChildProcess>,
  ) {
    const { name, server, port, databaseUrl, writeKey, env } = options;
    this.name = name;
    this.server = server;
    this.port = port;
    this.secret = env['SECRET'] ?? '';
    this.api = new ApiClient(port, writeKey);
    this.databaseUrl = databaseUrl;
    this.pool = new Pool({ connectionString: databaseUrl, max: 4 });
    for (const child of processes.values())
      child.on('message', (message: PartMessage) => {
        if (message.kind === 'delivered') this.resolveDelivery(keyOf(message.userId, message.template), message.at);
      });
  }

  /** Starts the processes of the side. */
  static async start(options: SideOptions): Promise<Side> {
    const started = PARTS[options.name].map(async (part) => [part, await startPart(part, options)] as const);
    return new Side(options, new Map(await Promise.all(started)));
  }

  /** Starts a second API process of the side. Its CPU time is not measured. */
  async startSecondApi(): Promise<ApiClient> {
    const port = await freePort();
    const env = { ...this.options.env, PORT: String(port), METRICS_PORT: String(await freePort()) };
    const child = await startPart('api', { ...this.options, env });
    const api = new ApiClient(port, this.options.writeKey);
    this.secondApis.push({ api, child });
    return api;
  }

  /** Begins a CPU profile of each process. The returned function ends it. */
  async profile(): Promise<() => Promise<ReadonlyMap<Part, Shares>>> {
    const ask = (question: HarnessMessage): Promise<(readonly [Part, PartMessage])[]> =>
      Promise.all([...this.processes].map(async ([part, child]) => [part, await asked(child, question)] as const));
    await ask('begin profile');
    return async () =>
      new Map(
        (await ask('end profile')).flatMap(([part, answer]) =>
          answer.kind === 'profiled' ? [[part, answer.shares] as const] : [],
        ),
      );
  }

  /** The process ids; 0 for a part that the side does not have. */
  get pids(): Readonly<Record<Part, number>> {
    return { api: this.processes.get('api')?.pid ?? 0, worker: this.processes.get('worker')?.pid ?? 0 };
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
    for (const { api } of [this, ...this.secondApis]) api.close();
    const children = [...this.processes.values(), ...this.secondApis.map(({ child }) => child)];
    await Promise.all([this.pool.end(), ...children.map(stopPart)]);
  }

  private resolveDelivery(key: string, at: number): void {
    this.awaited.get(key)?.(at);
    this.awaited.delete(key);
  }
}

function keyOf(userId: string, template: string): string {
  return `${userId} ${template}`;
}

async function startPart(part: Part, { name, env }: SideOptions): Promise<ChildProcess> {
  // `detached` gives the child its own process group, so that Ctrl-C in the terminal reaches only this process.
  const folder = name === 'ours' || name === 'native' ? name : join('rivals', name);
  const child = fork(join(__dirname, folder, part), { env: { ...process.env, ...env }, detached: true });
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

/** Sends a process a request about its profile, and returns the answer. */
function asked(child: ChildProcess, question: HarnessMessage): Promise<PartMessage> {
  return new Promise((resolve) => {
    const onMessage = (message: PartMessage): void => {
      if (message.kind === 'delivered') return;
      child.off('message', onMessage);
      resolve(message);
    };
    child.on('message', onMessage);
    child.send(question);
  });
}
