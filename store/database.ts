import knexFactory, { type Knex } from 'knex';
import { Pool, types } from 'pg';
import { Connections } from './connections';
import { Writes } from './writes';

/** Ways to one database. They differ in how long a statement may take. */
export interface Database {
  /** For the statements of requests and decisions, which concern a few users. */
  readonly pool: Pool;
  /** For statements that may read or write much: searches of all users, erasures, reports. */
  readonly patient: Pool;
  /** Builds statements. It has the connections of `patient`. */
  readonly knex: Knex;
  readonly connections: Connections;
  readonly writes: Writes;
  /** Closes all connections after the queries in flight have finished. */
  close(): Promise<void>;
}

/** How long the server lets statements run, in real milliseconds. 0 is no limit. */
export interface StatementLimits {
  readonly pool: number;
  readonly patient: number;
}

/** Limits of the API and the worker. A statement that takes longer counts as a failure of the database. */
const LIMITS: StatementLimits = { pool: 10_000, patient: 60_000 };
/** For programs that somebody started and waits for: migrations and the command line. */
export const UNLIMITED: StatementLimits = { pool: 0, patient: 0 };

/** Time to open a connection, and to wait for a free one. Real milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Connections are kept from one burst to the next: a new one costs a handshake and plans every statement again. */
const IDLE_TIMEOUT_MS = 300_000;
/** The server ends a transaction whose client does nothing for this long: a frozen process must not keep locks. Real milliseconds. */
const IDLE_TRANSACTION_MS = 30_000;
/** Time for an answer to arrive after the server's own limit. Real milliseconds. */
const TRANSIT_MS = 2_000;
/** An idle connection is probed by the operating system after this long. Real milliseconds. */
const KEEP_ALIVE_MS = 10_000;

// int8 is read as a number: all columns of this type hold epoch milliseconds or counters, far below 2^53.
types.setTypeParser(types.builtins.INT8, Number);

/**
 * Opens the database. The first query opens the first connection.
 * @param applicationName the name shown in `pg_stat_activity`
 */
export function openDatabase(url: string, applicationName = 'sojourn', limits = LIMITS): Database {
  const connections = new Connections(url);
  const writes = new Writes();
  const open = (max: number, limitMs: number): Pool => {
    const pool = new Pool({
      connectionString: url,
      application_name: applicationName,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: limitMs,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
      max,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
    });
    // The pool drops an idle connection that breaks. Without a listener, the error would end the process.
    pool.on('error', () => undefined);
    connections.watch(pool, limitMs === 0 ? 0 : limitMs + TRANSIT_MS);
    writes.watch(pool);
    return pool;
  };
  const pool = open(10, limits.pool);
  const patient = open(5, limits.patient);
  // Knex prints errors with a stack trace, although it throws them as well.
  const log = { warn: () => undefined };
  const knex = knexFactory({ client: 'pg', connectionPool: patient, log });
  return {
    pool,
    patient,
    knex,
    connections,
    writes,
    close: async () => {
      await knex.destroy();
      await Promise.all([pool.end(), patient.end()]);
    },
  };
}
