import { randomUUID } from 'node:crypto';
import { query } from '../../dev/postgres';
import { openDatabase, type Database } from '../../store/database';
import { rig, TEMPLATE_DATABASE } from './rig';

/** An open, migrated database for one test. */
export interface TestDatabase extends Database {
  /** For code that opens its own connections. */
  readonly url: string;
  /** Closes the connections and drops the database, even if others are connected. */
  drop(): Promise<void>;
}

/** Clones the migrated template database. */
export async function testDatabase(): Promise<TestDatabase> {
  const { postgres } = rig();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await query(postgres, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`);
  const url = Object.assign(new URL(postgres), { pathname: `/${name}` }).href;
  const database = openDatabase(url);
  return {
    ...database,
    url,
    drop: async () => {
      await database.close();
      await query(postgres, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
