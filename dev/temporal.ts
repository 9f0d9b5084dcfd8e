import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { JOURNEYS, STAGE } from '../workflows/search-attributes';
import { startChild, untilReady } from './child';

/** A running Temporal dev server. */
export interface Temporal {
  readonly pid: number | undefined;
  /** host:port for clients and workers. */
  readonly address: string;
  /** The URL of the web page; null if there is none. */
  readonly uiUrl: string | null;
  /** Writes all data and stops the server. */
  stop(): Promise<void>;
  /** Kills the server, as a power failure would. */
  kill(): Promise<void>;
}

export interface TemporalOptions {
  /** The `temporal` program. */
  readonly binary: string;
  /** Holds the log, and the data unless `inMemory` is set. */
  readonly folder: string;
  readonly port: number;
  /** Port of the web page; null for no page. */
  readonly uiPort: number | null;
  /** Port of the server's metrics. By default it publishes none. */
  readonly metricsPort?: number;
  /** Keeps the data in memory. It is lost when the server stops. */
  readonly inMemory?: boolean;
}

export const NAMESPACE = 'default';

const NO_LIMIT = 100_000;
export const SETTINGS = {
  // The rate limits protect tenants from each other. A development machine has only one.
  'frontend.rps': NO_LIMIT,
  'frontend.namespaceRPS': NO_LIMIT,
  'frontend.namespaceRPS.visibility': NO_LIMIT,
  'history.rps': NO_LIMIT,
  'matching.rps': NO_LIMIT,
  // One node needs only one partition per queue. With several, tasks of a burst would wait for seconds in a partition without pollers.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // By default the dev server reads the search attributes from its database about ten times per journey, in case one was just added.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
};

/** Search attributes of a new database. Without them, the first start waits until a worker has added them and the server has noticed. */
const SEARCH_ATTRIBUTES = [`${STAGE.name}=Keyword`, `${JOURNEYS.name}=KeywordList`];

/** Write-ahead logging is as safe as the default, a rollback journal that is deleted after each transaction, and twice as fast. */
const WRITE_AHEAD = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'];

/**
 * Starts a Temporal dev server on 127.0.0.1, and waits until its namespace is usable.
 * @throws {Error} with the end of its log, when it cannot start
 */
export async function startTemporal({
  binary,
  folder,
  port,
  uiPort,
  metricsPort,
  inMemory = false,
}: TemporalOptions): Promise<Temporal> {
  mkdirSync(folder, { recursive: true });
  const address = `127.0.0.1:${port}`;
  const page = uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)];
  const metrics = metricsPort === undefined ? [] : ['--metrics-port', String(metricsPort)];
  const data = inMemory ? [] : ['--db-filename', join(folder, 'temporal.db'), ...WRITE_AHEAD];
  const settings = [
    ...Object.entries(SETTINGS).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    ...SEARCH_ATTRIBUTES.flatMap((attribute) => ['--search-attribute', attribute]),
  ];
  const endpoint = ['--ip', '127.0.0.1', '--port', String(port), '--namespace', NAMESPACE];
  const args = ['server', 'start-dev', '--log-level', 'error', ...endpoint, ...page, ...metrics, ...data, ...settings];
  const child = startChild({ command: binary, args, logFile: join(folder, 'temporal.log') });
  // The server logs this line when it has bound its port. A connection test could reach another server on the same port.
  await untilReady(child, 'Temporal has started', () => child.output().includes('Server:'));
  await untilReady(child, 'Temporal answers', () => describeNamespace(address));
  return {
    pid: child.pid,
    address,
    uiUrl: uiPort === null ? null : `http://localhost:${uiPort}`,
    stop: () => child.stop('SIGINT'),
    kill: () => child.stop('SIGKILL'),
  };
}

async function describeNamespace(address: string): Promise<unknown> {
  const connection = await Connection.connect({ address, connectTimeout: '2 seconds' });
  try {
    return await connection.workflowService.describeNamespace({ namespace: NAMESPACE });
  } finally {
    await connection.close();
  }
}
