import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../dev/port';
import { ensureDatabase, query, startPostgres, type Postgres } from '../dev/postgres';
import type { Report } from '../dev/report';
import { randomKey } from '../dev/secrets';
import type { Teardown } from '../dev/teardown';
import { NAMESPACE, startTemporal } from '../dev/temporal';
import { resolveTemporalBinary } from '../dev/temporal-binary';
import { until } from '../dev/until';
import { migrate } from '../store/migrate';
import type { BenchTemporal } from './bench-temporal';
import { cpuOf, cpuOfFamily, postmasterIn, type CpuUse } from './cpu';
import { SCHEMA } from './native/schema';
import { Side } from './side';
import { startTemporalOnPostgres } from './temporal-on-postgres';

/** So long a server must have been quiet. */
const QUIET_MS = 3_000;

/** Which Temporal server: that of `npm start`, or one on a PostgreSQL of its own as in production. */
export const KINDS = ['dev', 'postgres'] as const;
export type Kind = (typeof KINDS)[number];

/** One PostgreSQL and one Temporal server. */
export interface Servers {
  readonly postgres: Postgres;
  readonly temporal: BenchTemporal;
  /** The process of PostgreSQL whose children serve the connections. */
  readonly postmaster: number;
}

/** Both sides on the same servers. */
export interface Rig {
  readonly ours: Side;
  readonly native: Side;
  readonly temporalAddress: string;
  readonly kind: Kind;
  /** CPU used so far by a side's processes and by what both share. */
  cpu(side: Side): CpuUse;
  /**
   * Waits until Temporal has done nearly all a round leaves to do: the time limits of its tasks run out ten seconds later, those of
   * activities a minute later, and the next round would pay for them.
   */
  quiet(): Promise<void>;
  /** For what a measure starts beside it. */
  readonly teardown: Teardown;
}

/** Starts the servers, with the settings of `npm start`, in a folder that is forgotten afterwards. */
export async function startServers(report: Report, teardown: Teardown, kind: Kind = 'dev'): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-bench-'));
  teardown.add({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
  report('starting PostgreSQL and Temporal');
  const postgres = teardown.add(await startPostgres({ folder, preferredPort: await freePort() }));
  const start = kind === 'dev' ? startDevTemporal : startTemporalOnPostgres;
  const temporal = teardown.add(await start(folder, report));
  return { postgres, temporal, postmaster: postmasterIn(folder) };
}

async function startDevTemporal(folder: string, report: Report): Promise<BenchTemporal> {
  const binary = await resolveTemporalBinary(report);
  const temporal = await startTemporal({ binary, folder, port: await freePort(), uiPort: null });
  return { address: temporal.address, cpu: () => cpuOf(temporal.pid ?? 0), stop: () => temporal.stop() };
}

/** Starts one side on a database of its own; `env` adds to what its processes are told. */
export async function startSide(
  { postgres, temporal }: Servers,
  name: Side['name'],
  env: Readonly<Record<string, string>> = {},
): Promise<Side> {
  const databaseUrl = postgres.url(name);
  await ensureDatabase(postgres, name);
  if (name === 'ours') await migrate(databaseUrl);
  else await query(databaseUrl, SCHEMA);
  const port = await freePort();
  const writeKey = randomKey();
  const settings = {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: NAMESPACE,
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'bench@example.com',
    WRITE_KEY: writeKey,
    ADMIN_KEY: randomKey(),
    SECRET: randomKey(),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    JOURNEYS: join(__dirname, 'journeys'),
    LOG_LEVEL: 'warn',
    ...env,
  };
  return await Side.start({ name, env: settings, port, databaseUrl, writeKey });
}

/** Brings everything up. */
export async function startRig(report: Report, teardown: Teardown, kind: Kind): Promise<Rig> {
  const servers = await startServers(report, teardown, kind);
  report('starting the API and the worker of both sides');
  const ours = teardown.add(await startSide(servers, 'ours'));
  const native = teardown.add(await startSide(servers, 'native'));
  const cpu = ({ pids }: Side): CpuUse => {
    const { user, system } = process.cpuUsage();
    return {
      api: cpuOf(pids.api),
      worker: cpuOf(pids.worker),
      temporal: servers.temporal.cpu(),
      postgres: cpuOfFamily(servers.postmaster),
      load: (user + system) / 1e6,
    };
  };
  const quiet = (): Promise<void> =>
    untilQuiet(servers.temporal).catch(() => report('Temporal does not come to rest: going on'));
  return { ours, native, temporalAddress: servers.temporal.address, kind, cpu, quiet, teardown };
}

/** A server with nothing to do but to be polled uses less than that much of a core, its database included. */
const AT_REST = 1 / 25;

async function untilQuiet(temporal: BenchTemporal): Promise<void> {
  await until('Temporal is quiet', async () => {
    const before = temporal.cpu();
    await pause(QUIET_MS);
    return temporal.cpu() - before < (QUIET_MS / 1_000) * AT_REST;
  });
}
