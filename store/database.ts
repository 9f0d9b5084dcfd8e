import knexFactory, { type Knex } from 'knex';
import { Pool, types } from 'pg';

/** The two ways to the one database: `pool` for hand-written statements on the hot path, `knex` for everything else. */
export interface Database {
  readonly pool: Pool;
  readonly knex: Knex;
  /** Ends all connections, once the queries in flight are answered. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Connections are kept from one burst to the next: a new one costs a handshake, and plans every statement anew. */
const IDLE_TIMEOUT_MS = 300_000;

// int8 as number: ours are epoch milliseconds and counters, far below 2^53.
types.setTypeParser(types.builtins.INT8, Number);

/**
 * Opens the database. Nothing is connected before the first query.
 * @param applicationName what `pg_stat_activity` shows
 */
export function openDatabase(url: string, applicationName = 'sojourn'): Database {
  const connection = {
    connectionString: url,
    application_name: applicationName,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
  const pool = new Pool({ ...connection, max: 10, idleTimeoutMillis: IDLE_TIMEOUT_MS });
  // An idle connection that breaks is dropped by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  // It warns on the terminal, with a stack trace, of what it throws as well.
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
