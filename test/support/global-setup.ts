import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../dev/port';
import { ensureDatabase, query, startPostgres, type Postgres } from '../../dev/postgres';
import { startTemporal, type Temporal } from '../../dev/temporal';
import { resolveTemporalBinary } from '../../dev/temporal-binary';
import { bundleWorkflows } from '../../temporal/bundle';
import { migrate } from '../../store/migrate';
import { TEMPLATE_DATABASE, type Rig } from './rig';

/** Everything that teardown must stop. It runs in the same process. */
declare global {
  var rig: { readonly folder: string; readonly postgres: Postgres; readonly temporal: Temporal } | undefined;
}

/** Settings that are faster and less durable. Test data may be lost with the power. */
const HASTY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Brings up one PostgreSQL with a migrated template, one Temporal server and the workflow bundle for all tests. */
export default async function globalSetup(): Promise<void> {
  if (globalThis.rig) return;
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-test-'));
  const [postgres, { temporal, binary }, bundle] = await Promise.all([
    postgresWithTemplate(folder),
    temporalInMemory(folder),
    workflowBundle(folder),
  ]);
  globalThis.rig = { folder, postgres, temporal };
  const rig: Rig = { postgres: postgres.url('postgres'), temporal: temporal.address, bundle };
  process.env.SOJOURN_TEST_RIG = JSON.stringify(rig);
  // Tests with their own server need not search for the binary again.
  process.env.TEMPORAL_CLI = binary;
}

async function postgresWithTemplate(folder: string): Promise<Postgres> {
  const postgres = await startPostgres({ folder, preferredPort: await freePort(), settings: HASTY });
  await ensureDatabase(postgres, TEMPLATE_DATABASE);
  await migrate(postgres.url(TEMPLATE_DATABASE));
  await query(postgres.url('postgres'), `ALTER DATABASE ${TEMPLATE_DATABASE} IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  return postgres;
}

async function temporalInMemory(folder: string): Promise<{ temporal: Temporal; binary: string }> {
  const binary = await resolveTemporalBinary((line) => process.stderr.write(`${line}\n`));
  const temporal = await startTemporal({ binary, folder, port: await freePort(), uiPort: null, inMemory: true });
  return { temporal, binary };
}

async function workflowBundle(folder: string): Promise<string> {
  const file = join(folder, 'workflow-bundle.js');
  writeFileSync(file, await bundleWorkflows());
  return file;
}
