import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { cacheFolder } from '../dev/cache';
import { startChild, untilReady } from '../dev/child';
import { freePort, isFree } from '../dev/port';
import { ensureDatabase, startPostgres } from '../dev/postgres';
import type { Report } from '../dev/report';
import { NAMESPACE, SETTINGS } from '../dev/temporal';
import { until } from '../dev/until';
import { ensureSearchAttributes } from '../temporal/register';
import { cpuOf, cpuOfFamily, postmasterIn } from './cpu';
import type { BenchTemporal } from './bench-temporal';

/** The version inside the dev server, so that both are the same server with different databases. */
const VERSION = 'v1.29.1';
const PROGRAMS = ['cmd/server', 'cmd/tools/sql'] as const;
/** The schema versions of this server version. */
const SCHEMAS = { temporal: '1.18', visibility: '1.9' } as const;
const SHARDS = 4;
/** The gRPC status code of a request to create something that exists. */
const ALREADY_EXISTS = 6;
/** The server stores its ports as signed 16-bit integers, so the range must stay below 32,768. */
const LOWEST_PORT = 20_000;
const PORTS = 10_000;

/**
 * Starts a Temporal server with its own PostgreSQL, as in `docker-compose.yml` and most installations. Builds it with Go if it is not
 * in the cache.
 * @param folder holds all data and logs
 */
export async function startTemporalOnPostgres(folder: string, report: Report): Promise<BenchTemporal> {
  const programs = buildServer(report);
  const home = join(folder, 'temporal');
  mkdirSync(home, { recursive: true });
  const postgres = await startPostgres({ folder: home, preferredPort: await freePort() });
  const { username, password } = new URL(postgres.url('postgres'));
  const account = { user: username, password: decodeURIComponent(password) };
  for (const [name, version] of Object.entries(SCHEMAS)) {
    await ensureDatabase(postgres, name);
    const endpoint = ['--plugin', 'postgres12', '--endpoint', '127.0.0.1', '--port', String(postgres.port)];
    const login = ['--user', account.user, '--password', account.password, '--database', name];
    const schema = ['setup-schema', '--schema-name', `postgresql/v12/${name}`, '--version', version];
    execFileSync(programs.sql, [...endpoint, ...login, ...schema], { stdio: 'ignore' });
  }
  const port = await lowPort();
  writeFileSync(join(home, 'dynamic.yaml'), JSON.stringify(dynamicSettings()));
  writeFileSync(join(home, 'bench.yaml'), JSON.stringify(await settings(home, port, postgres.port, account)));
  const args = ['--root', home, '--config', '.', '--env', 'bench', '--allow-no-auth', 'start'];
  const child = startChild({ command: programs.server, args, logFile: join(home, 'server.log') });
  const address = `127.0.0.1:${port}`;
  await untilReady(child, 'Temporal answers', () => prepareNamespace(address));
  const stop = async (): Promise<void> => {
    await child.stop('SIGINT');
    await postgres.stop();
  };
  const postmaster = postmasterIn(home);
  return { address, metricsUrl: null, cpu: () => cpuOf(child.pid ?? 0) + cpuOfFamily(postmaster), stop };
}

function buildServer(report: Report): { readonly server: string; readonly sql: string } {
  const folder = join(cacheFolder(), `temporal-server-${VERSION}`);
  const programs = { server: join(folder, 'server'), sql: join(folder, 'sql') };
  if (existsSync(programs.server) && existsSync(programs.sql)) return programs;
  report(`building the Temporal server ${VERSION} with Go; this happens once and takes some minutes`);
  execFileSync(
    'go',
    [
      'install',
      '-trimpath',
      '-ldflags',
      '-s -w',
      ...PROGRAMS.map((path) => `go.temporal.io/server/${path}@${VERSION}`),
    ],
    { env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' }, stdio: 'ignore' },
  );
  return programs;
}

function dynamicSettings(): unknown {
  return Object.fromEntries(Object.entries(SETTINGS).map(([key, value]) => [key, [{ value }]]));
}

async function settings(
  home: string,
  frontendPort: number,
  databasePort: number,
  account: { readonly user: string; readonly password: string },
): Promise<unknown> {
  const store = (databaseName: string, connections: number): unknown => ({
    sql: {
      ...account,
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${databasePort}`,
      connectProtocol: 'tcp',
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  });
  const service = async (grpcPort?: number): Promise<unknown> => ({
    rpc: { grpcPort: grpcPort ?? (await lowPort()), membershipPort: await lowPort(), bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: SHARDS,
      datastores: { default: store('temporal', 20), visibility: store('visibility', 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: await service(frontendPort),
      matching: await service(),
      history: await service(),
      worker: await service(),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${frontendPort}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: join(home, 'dynamic.yaml'), pollInterval: '60s' },
  };
}

async function lowPort(): Promise<number> {
  const port = LOWEST_PORT + Math.floor(Math.random() * PORTS);
  return (await isFree(port)) ? port : lowPort();
}

/** Creates the namespace and our search attributes. Throws while the server does not know them yet. */
async function prepareNamespace(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2 seconds' });
  try {
    const client = new Client({ connection, namespace: NAMESPACE });
    await client.workflowService
      .registerNamespace({ namespace: NAMESPACE, workflowExecutionRetentionPeriod: msToTs('1 day') })
      .catch((error: unknown) => {
        if (grpcCodeOf(error) !== ALREADY_EXISTS) throw error;
      });
    await until('the namespace is known', () => client.workflowService.describeNamespace({ namespace: NAMESPACE }));
    await ensureSearchAttributes(client);
    return true;
  } finally {
    await connection.close();
  }
}

function grpcCodeOf(error: unknown): number | null {
  return isGrpcServiceError(error) ? error.code : null;
}
