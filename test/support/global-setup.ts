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

/** Faster, less durable settings. A power failure may lose test data. */
const HASTY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Starts one PostgreSQL with a migrated template and one Temporal server, and bundles the workflows, for all tests. */
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
  // Tests that start their own server use this binary instead of searching again.
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
