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
import { SCHEMA } from './by-hand/schema';
import { COUNTS_STATEMENTS } from './parts/statements';
import { installRivals } from './rivals/install';
import { startRestate } from './rivals/restate-server';
import { EMAIL_SECRETS } from '../test/fakes/signed-receipts';
import { TWILIO_ACCOUNT } from '../test/fakes/twilio';
import { Side, type EngineServer, type Rival, type SideName } from './side';
import { startTemporalOnPostgres } from './temporal-on-postgres';

/** How long a server must be quiet, real milliseconds. */
const QUIET_MS = 3_000;

/** The kinds of Temporal server: the dev server of `npm start`, or a server with its own PostgreSQL, as in production. */
export const TEMPORAL_KINDS = ['dev', 'postgres'] as const;
export type TemporalKind = (typeof TEMPORAL_KINDS)[number];

/** One PostgreSQL and one Temporal server. */
export interface Servers {
  readonly postgres: Postgres;
  readonly temporal: BenchTemporal;
  /** The process id of the PostgreSQL server. Its child processes serve the connections. */
  readonly postmaster: number;
  /** The folder of their data. */
  readonly folder: string;
}

/** The sides of the comparison, on the same servers. */
export interface Rig {
  readonly ours: Side;
  readonly native: Side;
  /** The further sides that were asked for. */
  readonly rivals: readonly Side[];
  /** Starts a further instance of a rival whose engine is told only of the events that a filter written by hand lets through. */
  startFiltered(rival: Rival): Promise<Side>;
  readonly temporalAddress: string;
  /** Where the metrics of Temporal are, if it publishes them. */
  readonly metricsUrl: string | null;
  readonly kind: TemporalKind;
  /** Returns the CPU time used so far by the processes of a side and by the shared servers. */
  cpu(side: Side): CpuUse;
  /**
   * Waits until Temporal has nearly finished the work of the last round. Timeouts of workflow tasks fire ten seconds later, those of
   * activities a minute later. Without the wait, they would add to the next round.
   */
  quiet(): Promise<void>;
  /** Stops everything, including servers that a measure has added. */
  readonly teardown: Teardown;
}

/**
 * Starts the servers with the settings of `npm start`, in a temporary folder.
 * @param observed whether they count what they do, which costs a little
 */
export async function startServers(
  report: Report,
  teardown: Teardown,
  kind: TemporalKind = 'dev',
  observed = false,
): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-bench-'));
  teardown.add({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
  report('starting PostgreSQL and Temporal');
  const postgres = teardown.add(
    await startPostgres({ folder, preferredPort: await freePort(), settings: observed ? COUNTS_STATEMENTS : {} }),
  );
  const temporal = teardown.add(
    kind === 'dev' ? await startDevTemporal(folder, report, observed) : await startTemporalOnPostgres(folder, report),
  );
  return { postgres, temporal, postmaster: postmasterIn(folder), folder };
}

async function startDevTemporal(folder: string, report: Report, observed: boolean): Promise<BenchTemporal> {
  const binary = await resolveTemporalBinary(report);
  const metricsPort = observed ? await freePort() : undefined;
  const temporal = await startTemporal({
    binary,
    folder,
    port: await freePort(),
    uiPort: null,
    ...(metricsPort && { metricsPort }),
  });
  const metricsUrl = metricsPort === undefined ? null : `http://127.0.0.1:${metricsPort}/metrics`;
  return { address: temporal.address, metricsUrl, cpu: () => cpuOf(temporal.pid ?? 0), stop: () => temporal.stop() };
}

/**
 * Starts one side on its own database.
 * @param env additional environment variables of its processes
 */
export async function startSide(
  { postgres, temporal }: Servers,
  name: SideName,
  env: Readonly<Record<string, string>> = {},
  server: EngineServer | null = temporal,
): Promise<Side> {
  const database = env['BENCH_TELL'] === undefined ? name : `${name}_filtered`;
  const databaseUrl = postgres.url(database);
  await ensureDatabase(postgres, database);
  if (name === 'ours') await migrate(databaseUrl);
  else await query(databaseUrl, SCHEMA);
  const port = await freePort();
  const writeKey = randomKey();
  const settings = {
    PORT: String(port),
    METRICS_PORT: String(await freePort()),
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
    // What signs the receipts of the measure of channels.
    SENDGRID_WEBHOOK_KEY: EMAIL_SECRETS.SENDGRID_WEBHOOK_KEY,
    TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
    ...env,
  };
  return await Side.start({ name, server, env: settings, port, databaseUrl, writeKey });
}

/**
 * Starts the servers and the sides.
 * @param rivals the further sides
 * @param observed whether the servers count what they do
 */
export async function startRig(
  report: Report,
  teardown: Teardown,
  kind: TemporalKind,
  rivals: readonly Rival[],
  observed = false,
): Promise<Rig> {
  const servers = await startServers(report, teardown, kind, observed);
  report('starting the API and the worker of each side');
  const ours = teardown.add(await startSide(servers, 'ours'));
  const native = teardown.add(await startSide(servers, 'native'));
  if (rivals.length > 0) installRivals(report);
  let restates = 0;
  const startRival = async (rival: Rival, env: Readonly<Record<string, string>> = {}): Promise<Side> => {
    const folder = join(servers.folder, `restate-${restates++}`);
    const server = rival === 'restate' ? teardown.add(await startRestate(folder)) : null;
    return teardown.add(await startSide(servers, rival, { ...server?.env, ...env }, server));
  };
  const further: Side[] = [];
  for (const rival of rivals) further.push(await startRival(rival));
  const cpu = ({ pids, server }: Side): CpuUse => {
    const { user, system } = process.cpuUsage();
    return {
      api: cpuOf(pids.api),
      worker: pids.worker === 0 ? 0 : cpuOf(pids.worker),
      server: server?.cpu() ?? 0,
      postgres: cpuOfFamily(servers.postmaster),
      load: (user + system) / 1e6,
    };
  };
  const quiet = (): Promise<void> =>
    untilQuiet(servers.temporal).catch(() => report('Temporal is still busy; continuing anyway'));
  return {
    ours,
    native,
    rivals: further,
    startFiltered: (rival) => startRival(rival, { BENCH_TELL: 'matters' }),
    temporalAddress: servers.temporal.address,
    metricsUrl: servers.temporal.metricsUrl,
    kind,
    cpu,
    quiet,
    teardown,
  };
}

/** A server without work, which is only polled, uses less than this fraction of a core, including its database. */
const QUIET_CORES = 1 / 25;

/** Waits until Temporal has nearly nothing to do. */
export async function untilQuiet(temporal: BenchTemporal): Promise<void> {
  await until('Temporal is quiet', async () => {
    const before = temporal.cpu();
    await pause(QUIET_MS);
    return temporal.cpu() - before < (QUIET_MS / 1_000) * QUIET_CORES;
  });
}
