import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { JOURNEYS, STAGE } from '../workflows/search-attributes';
import { startChild, untilReady } from './child';

/** A Temporal dev server that runs. */
export interface Temporal {
  readonly pid: number | undefined;
  /** host:port for clients and workers. */
  readonly address: string;
  /** The web page; null without one. */
  readonly uiUrl: string | null;
  /** Ends the server, its data written. */
  stop(): Promise<void>;
  /** Ends the server as a loss of power would. */
  kill(): Promise<void>;
}

export interface TemporalOptions {
  /** The `temporal` program. */
  readonly binary: string;
  /** Holds the log, and the data unless it lives in memory. */
  readonly folder: string;
  readonly port: number;
  /** Port of the web page; null for no page. */
  readonly uiPort: number | null;
  /** Forget everything at the end. */
  readonly inMemory?: boolean;
}

export const NAMESPACE = 'default';

const NO_LIMIT = 100_000;
export const SETTINGS = {
  // One person's machine is one client: the limits meant to keep tenants apart only get in the way.
  'frontend.rps': NO_LIMIT,
  'frontend.namespaceRPS': NO_LIMIT,
  'frontend.namespaceRPS.visibility': NO_LIMIT,
  'history.rps': NO_LIMIT,
  'matching.rps': NO_LIMIT,
  // Nor is there anything to spread a queue over: in a burst, tasks would wait for seconds in a part where nobody looks.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // The dev server reads the search attributes from its database ten times in a journey, in case somebody has just added one.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
};

/** In a new database there from the beginning, so that nobody waits until a worker has added them and the server has noticed. */
const SEARCH_ATTRIBUTES = [`${STAGE.name}=Keyword`, `${JOURNEYS.name}=KeywordList`];

/** As safe as what the server does by itself, a journal that is deleted after each transaction, and twice as fast. */
const WRITE_AHEAD = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'];

/**
 * Starts a Temporal dev server on 127.0.0.1 and waits until its namespace can be used.
 * @throws {Error} with the end of its log when it can't start
 */
export async function startTemporal({
  binary,
  folder,
  port,
  uiPort,
  inMemory = false,
}: TemporalOptions): Promise<Temporal> {
  mkdirSync(folder, { recursive: true });
  const address = `127.0.0.1:${port}`;
  const page = uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)];
  const data = inMemory ? [] : ['--db-filename', join(folder, 'temporal.db'), ...WRITE_AHEAD];
  const settings = [
    ...Object.entries(SETTINGS).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    ...SEARCH_ATTRIBUTES.flatMap((attribute) => ['--search-attribute', attribute]),
  ];
  const endpoint = ['--ip', '127.0.0.1', '--port', String(port), '--namespace', NAMESPACE];
  const args = ['server', 'start-dev', '--log-level', 'error', ...endpoint, ...page, ...data, ...settings];
  const child = startChild({ command: binary, args, logFile: join(folder, 'temporal.log') });
  // It says so once the port is its own: another server that has just taken it would answer too.
  await untilReady(child, 'Temporal has started', () => child.said().includes('Server:'));
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
