import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../dev/port';
import { ensureDatabase, query, startPostgres } from '../dev/postgres';
import type { Report } from '../dev/report';
import { randomKey } from '../dev/secrets';
import { createTeardown } from '../dev/teardown';
import { NAMESPACE, startTemporal } from '../dev/temporal';
import { resolveTemporalBinary } from '../dev/temporal-binary';
import { migrate } from '../store/migrate';
import { cpuOf, cpuOfFamily, type CpuUse } from './cpu';
import { SCHEMA } from './native/schema';
import { Side } from './side';

/** Both sides on one PostgreSQL and one Temporal server. */
export interface Rig {
  readonly ours: Side;
  readonly native: Side;
  readonly temporalAddress: string;
  /** CPU used so far by a side's processes and by what both share. */
  cpu(side: Side): CpuUse;
  stop(): Promise<void>;
}

/** Brings everything up, with the settings of `npm start`, in a folder that is forgotten afterwards. */
export async function startRig(report: Report): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-bench-'));
  const teardown = createTeardown();
  teardown.add({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
  const stop = (): Promise<void> => teardown.stop();
  try {
    report('starting PostgreSQL and Temporal');
    const postgres = teardown.add(await startPostgres({ folder, preferredPort: await freePort() }));
    const binary = await resolveTemporalBinary(report);
    const temporal = teardown.add(await startTemporal({ binary, folder, port: await freePort(), uiPort: null }));
    const postmaster = Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);

    await ensureDatabase(postgres, 'ours');
    await migrate(postgres.url('ours'));
    await ensureDatabase(postgres, 'native');
    await query(postgres.url('native'), SCHEMA);

    const startSide = async (name: Side['name']): Promise<Side> => {
      report(`starting the API and the worker of ${name}`);
      const port = await freePort();
      const writeKey = randomKey();
      const databaseUrl = postgres.url(name);
      const env = {
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        TEMPORAL_ADDRESS: temporal.address,
        TEMPORAL_NAMESPACE: NAMESPACE,
        SMTP_URL: 'smtp://127.0.0.1:1',
        MAIL_FROM: 'bench@example.com',
        WRITE_KEY: writeKey,
        ADMIN_KEY: randomKey(),
        SECRET: randomKey(),
        JOURNEYS: join(__dirname, 'journeys'),
        LOG_LEVEL: 'warn',
      };
      return teardown.add(await Side.start({ name, env, port, databaseUrl, writeKey }));
    };
    const ours = await startSide('ours');
    const native = await startSide('native');
    const cpu = ({ pids }: Side): CpuUse => {
      const { user, system } = process.cpuUsage();
      return {
        api: cpuOf(pids.api),
        worker: cpuOf(pids.worker),
        temporal: cpuOf(temporal.pid ?? 0),
        postgres: cpuOfFamily(postmaster),
        load: (user + system) / 1e6,
      };
    };
    return { ours, native, temporalAddress: temporal.address, cpu, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
