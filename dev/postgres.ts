import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { startChild, untilReady } from './child';
import { freePort, requireFree } from './port';
import { chooseAccount, ensureCluster, findBinaries, SUPERUSER } from './postgres-cluster';
import { keep, randomKey } from './secrets';

/** An embedded PostgreSQL that runs. */
export interface Postgres {
  readonly port: number;
  /** The address of one of its databases. */
  url(database: string): string;
  /** Ends the sessions, writes everything, ends the server. */
  stop(): Promise<void>;
  /** Ends the server as a loss of power would. */
  kill(): Promise<void>;
}

export interface PostgresOptions {
  /** Holds the data (`postgres/`), the log and the password. */
  readonly folder: string;
  /** Taken if it is free, otherwise any other. */
  readonly preferredPort?: number;
  /** Server settings, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The database in which `npm start` keeps everything. */
export const DATABASE = 'sojourn';
const USUAL_PORT = 5433;

/**
 * Starts an embedded PostgreSQL on 127.0.0.1, with the data and the password of last time.
 * @throws {Error} saying what to do when it can't
 */
export async function startPostgres({
  folder,
  preferredPort = USUAL_PORT,
  settings = {},
}: PostgresOptions): Promise<Postgres> {
  mkdirSync(folder, { recursive: true });
  const binaries = findBinaries();
  const account = chooseAccount(binaries, folder);
  const data = join(folder, 'postgres');
  const password = keep(folder, 'postgresPassword', randomKey);
  ensureCluster(binaries, account, data, password);
  await clearStaleLock(join(data, 'postmaster.pid'));

  const port = await freePort(preferredPort);
  const flags = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', ...settings };
  const args = Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command = '', ...rest] = [...account.prefix, binaries.postgres, '-D', data, '-p', String(port), ...args];
  const child = startChild({ command, args: rest, logFile: join(folder, 'postgres.log') });
  const url = (database: string): string => urlOf(port, password, database);
  await untilReady(child, 'PostgreSQL answers', () => query(url('postgres'), 'SELECT 1'));
  return { port, url, stop: () => child.stop('SIGINT'), kill: () => child.stop('SIGQUIT') };
}

/** The address of what `npm start` keeps in a folder, while its server runs; null when it doesn't. */
export function runningDatabase(folder: string): string | null {
  const lock = join(folder, 'postgres', 'postmaster.pid');
  if (!existsSync(lock)) return null;
  return urlOf(portInLock(lock), keep(folder, 'postgresPassword', randomKey), DATABASE);
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

/** The fourth line of PostgreSQL's lock file names the port. */
function portInLock(file: string): number {
  return Number(readFileSync(file, 'utf8').split('\n')[3]);
}

/** Creates a database unless it is there. */
export async function ensureDatabase(postgres: Postgres, name: string): Promise<void> {
  const present = await query(postgres.url('postgres'), 'SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (present === 0) await query(postgres.url('postgres'), `CREATE DATABASE "${name}"`);
}

/** Runs one statement on a connection of its own; answers the number of rows. */
export async function query(url: string, sql: string, values: readonly unknown[] = []): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, [...values])).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

/**
 * The lock file names a process id and, in its fourth line, a port. After a crash the id may by now be another program's,
 * and PostgreSQL would refuse to start; that nobody listens on the port tells the difference.
 * @throws {SetupError} when a server does run on this data
 */
async function clearStaleLock(file: string): Promise<void> {
  if (!existsSync(file)) return;
  await requireFree(
    portInLock(file),
    `the database in ${dirname(file)}`,
    'Stop the other Sojourn that runs on it, or set DATABASE_URL.',
  );
  rmSync(file, { force: true });
}
