import { Client, Connection, type ConnectionLike, type ConnectionOptions } from '@temporalio/client';
import type { TemporalConfig } from '../config/config';

/** Address and credentials in the form that the client's and the worker's connection both accept. */
export function connectionOptions({ address, apiKey, tls }: TemporalConfig): Pick<ConnectionOptions, 'address'> & {
  apiKey?: string;
  tls?: NonNullable<ConnectionOptions['tls']>;
} {
  const certificates = tls && {
    ...(tls.serverName === undefined ? {} : { serverNameOverride: tls.serverName }),
    ...(tls.ca === undefined ? {} : { serverRootCACertificate: Buffer.from(tls.ca) }),
    ...(tls.cert === undefined || tls.key === undefined
      ? {}
      : { clientCertPair: { crt: Buffer.from(tls.cert), key: Buffer.from(tls.key) } }),
  };
  return { address, ...(apiKey === null ? {} : { apiKey }), ...(certificates === null ? {} : { tls: certificates }) };
}

/** Creates a client that connects on first use, so that a process can start while Temporal is down. */
export function createClient(config: TemporalConfig): Client {
  return new Client({ connection: Connection.lazy(connectionOptions(config)), namespace: config.namespace });
}

/** Creates a client over a connection that is open already, such as a worker's. */
export function clientOf(connection: ConnectionLike, { namespace }: TemporalConfig): Client {
  return new Client({ connection, namespace });
}

/** Time limit of a probe. Without one the client retries for ever while Temporal is down. Real milliseconds. */
const PROBE_MS = 2_000;

/**
 * Checks that Temporal and its namespace can be reached.
 * @throws {Error} when they can't
 */
export async function probeTemporal(client: Client, { namespace }: TemporalConfig): Promise<void> {
  await client.withDeadline(Date.now() + PROBE_MS, () => client.workflowService.describeNamespace({ namespace }));
}
