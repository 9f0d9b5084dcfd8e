import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { startChild, untilReady } from './child';
import { onFreePort, requireFree } from './port';
import { chooseAccount, ensureCluster, findBinaries, SUPERUSER } from './postgres-cluster';
import { keep, randomKey, readKept } from './secrets';
import { SetupError } from './setup-error';

/** A running embedded PostgreSQL server. */
export interface Postgres {
  readonly port: number;
  /** Returns the connection URL of a database. */
  url(database: string): string;
  /** Ends all sessions, writes all data, and stops the server. */
  stop(): Promise<void>;
  /** Stops the server without a checkpoint, as a power failure would. */
  kill(): Promise<void>;
}

export interface PostgresOptions {
  /** Holds the data (`postgres/`), the log and the password. */
  readonly folder: string;
  /** Used if it is free. Default 5433. */
  readonly preferredPort?: number;
  /** Server settings, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The name of the database that `npm start` uses. */
export const DATABASE = 'sojourn';
const USUAL_PORT = 5433;
/** The name under which the password is kept. */
const PASSWORD = 'postgresPassword';
/** SQLSTATE of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const INVALID_PASSWORD = '28P01';

/**
 * Starts an embedded PostgreSQL server on 127.0.0.1. Keeps the data and the password in the folder between starts.
 * @throws {Error} when the server cannot start; the message says what to do
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
  const password = keep(folder, PASSWORD, randomKey);
  ensureCluster(binaries, account, data, password);
  await clearStaleLock(join(data, 'postmaster.pid'));

  const flags = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', ...settings };
  const args = Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return onFreePort(async (port) => {
    const [command = '', ...rest] = [...account.prefix, binaries.postgres, '-D', data, '-p', String(port), ...args];
    const child = startChild({ command, args: rest, logFile: join(folder, 'postgres.log') });
    const url = (database: string): string => urlOf(port, password, database);
    const refused = await untilReady(child, 'PostgreSQL answers', () => asks(url('postgres')));
    if (refused === 'refused') {
      await child.stop('SIGINT');
      throw new SetupError(
        `PostgreSQL in ${data} does not accept the password in ${join(folder, 'kept.json')}. Put the kept.json of this folder back from a copy, or move ${folder} away to start with an empty database.`,
      );
    }
    return { port, url, stop: () => child.stop('SIGINT'), kill: () => child.stop('SIGQUIT') };
  }, preferredPort);
}

/** Whether a server accepts the password in a URL. An error means that it does not answer yet. */
async function asks(url: string): Promise<'accepted' | 'refused'> {
  try {
    await query(url, 'SELECT 1');
    return 'accepted';
  } catch (error) {
    if (error instanceof DatabaseError && error.code === INVALID_PASSWORD) return 'refused';
    throw error;
  }
}

/** Returns the connection URL of the database that `npm start` runs in a folder; null if its server is not running. */
export function runningDatabase(folder: string): string | null {
  const lock = join(folder, 'postgres', 'postmaster.pid');
  const password = readKept(folder)[PASSWORD];
  return existsSync(lock) && password !== undefined ? urlOf(portInLock(lock), password, DATABASE) : null;
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

/** The fourth line of PostgreSQL's lock file names the port. */
function portInLock(file: string): number {
  return Number(readFileSync(file, 'utf8').split('\n')[3]);
}

/** Creates a database if it does not exist. */
export async function ensureDatabase(postgres: Postgres, name: string): Promise<void> {
  const present = await query(postgres.url('postgres'), 'SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (present === 0) await query(postgres.url('postgres'), `CREATE DATABASE "${name}"`);
}

/** Runs one statement on a new connection. Returns the number of rows. */
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
 * Removes a lock file that a crash left behind. The file names a process id and, in its fourth line, a port. If another program
 * has the process id by now, PostgreSQL refuses to start. The lock is stale if no program listens on the port, or if a power
 * failure left it without one.
 * @throws {SetupError} when a server is running on this data
 */
async function clearStaleLock(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const port = portInLock(file);
  if (port > 0) {
    const remedy = 'Stop the other Sojourn process that uses it, or set DATABASE_URL.';
    await requireFree(port, `the database in ${dirname(file)}`, remedy);
  }
  rmSync(file, { force: true });
}
