import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Knex } from 'knex';
import type { Json, JsonObject } from '../../engine/model/json';
import { openDatabase, type Database } from '../../store/database';

/** Everything in a database, without real times. */
export interface Dump {
  /** The migrations that made its schema. */
  readonly migrations: readonly string[];
  readonly tables: Readonly<Record<string, readonly JsonObject[]>>;
  /** The last number of each identity column. */
  readonly numbers: readonly { readonly table: string; readonly column: string; readonly last: number }[];
}

const MIGRATIONS = join(__dirname, '..', '..', 'migrations');
/** Replaces every real time, so that two dumps of the same data are the same. */
const SOME_TIME = '2026-03-02T09:00:00+00:00';

interface Column {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly is_identity: string;
}

/** Dumps everything in a database. */
export async function dump({ pool, knex }: Database): Promise<Dump> {
  const { rows: columns } = await pool.query<Column>(
    `SELECT table_name, column_name, data_type, is_identity FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name NOT LIKE 'knex_%' ORDER BY table_name, column_name`,
  );
  const tables: Record<string, JsonObject[]> = {};
  for (const table of new Set(columns.map(({ table_name: name }) => name))) {
    const real = columns.filter((one) => one.table_name === table && one.data_type.startsWith('timestamp'));
    const { rows } = await pool.query<{ row: JsonObject }>(`SELECT to_jsonb(t) AS row FROM "${table}" t`);
    tables[table] = rows
      .map(({ row }) => withoutRealTime(table, row, new Set(real.map(({ column_name: column }) => column))))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  const numbers = columns
    .filter(({ is_identity: identity }) => identity === 'YES')
    .map(async ({ table_name: table, column_name: column }) => {
      const { rows } = await pool.query<{ last: number | null }>(
        `SELECT last_value AS last FROM pg_sequences WHERE format('%I.%I', schemaname, sequencename)::regclass = pg_get_serial_sequence($1, $2)::regclass`,
        [table, column],
      );
      return { table, column, last: rows[0]?.last ?? 0 };
    });
  const migrations = (await knex('knex_migrations').orderBy('id').pluck('name')) as string[];
  return { migrations, tables, numbers: await Promise.all(numbers) };
}

function withoutRealTime(table: string, row: JsonObject, real: ReadonlySet<string>): JsonObject {
  const entries = Object.entries(row).map(([column, value]): [string, Json] =>
    real.has(column) && value !== null ? [column, SOME_TIME] : [column, value],
  );
  // The version of a user begins with a number that depends on real time.
  return Object.fromEntries(
    entries.map(([column, value]) => [column, table === 'users' && column === 'version' ? 1 : value]),
  );
}

/** Restores a dump into an empty database: the schema of the release that was dumped, and all rows. */
export async function restore(url: string, { migrations, tables, numbers }: Dump): Promise<void> {
  const database = openDatabase(url);
  try {
    await database.knex.migrate.latest({ migrationSource: migrationsWhere((name) => migrations.includes(name)) });
    const client = await database.pool.connect();
    try {
      // Triggers don't fire, and the order of the tables does not matter.
      await client.query('SET session_replication_role = replica');
      for (const [table, rows] of Object.entries(tables)) {
        await client.query(`DELETE FROM "${table}"`);
        await client.query(
          `INSERT INTO "${table}" OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::"${table}", $1)`,
          [JSON.stringify(rows)],
        );
      }
      for (const { table, column, last } of numbers)
        if (last > 0) await client.query('SELECT setval(pg_get_serial_sequence($1, $2), $3)', [table, column, last]);
    } finally {
      client.release(true);
    }
  } finally {
    await database.close();
  }
}

/** Some of the migrations, by their names. */
export function migrationsWhere(isWanted: (name: string) => boolean): Knex.MigrationSource<string> {
  return {
    getMigrations: async () => (await readdir(MIGRATIONS)).filter((file) => isWanted(parse(file).name)).sort(),
    getMigrationName: (file) => parse(file).name,
    getMigration: async (file) => (await import(join(MIGRATIONS, file))) as Knex.Migration,
  };
}
