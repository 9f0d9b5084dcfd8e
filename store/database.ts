import knexFactory, { type Knex } from 'knex';
import { Pool, types } from 'pg';

/** Two ways to one database: `pool` for hand-written statements on the hot path, `knex` for everything else. */
export interface Database {
  readonly pool: Pool;
  readonly knex: Knex;
  /** Closes all connections after the queries in flight have finished. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Connections are kept from one burst to the next: a new one costs a handshake and plans every statement again. */
const IDLE_TIMEOUT_MS = 300_000;

// int8 is read as a number: all columns of this type hold epoch milliseconds or counters, far below 2^53.
types.setTypeParser(types.builtins.INT8, Number);

/**
 * Opens the database. The first query opens the first connection.
 * @param applicationName the name shown in `pg_stat_activity`
 */
export function openDatabase(url: string, applicationName = 'sojourn'): Database {
  const connection = {
    connectionString: url,
    application_name: applicationName,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
  const pool = new Pool({ ...connection, max: 10, idleTimeoutMillis: IDLE_TIMEOUT_MS });
  // The pool drops an idle connection that breaks. Without a listener, the error would end the process.
  pool.on('error', () => undefined);
  // Knex prints errors with a stack trace, although it throws them as well.
  const log = { warn: () => undefined };
  const knex = knexFactory({ client: 'pg', connection, pool: { min: 0, max: 5 }, log });
  return {
    pool,
    knex,
    close: async () => {
      await Promise.all([pool.end(), knex.destroy()]);
    },
  };
}
