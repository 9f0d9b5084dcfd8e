import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import type { TemporalConfig } from '../config/config';

/** The address and credentials in the form both the client's and the worker's connection take. */
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

/** A client that connects when first used, so that an absent Temporal keeps nobody from starting. */
export function createClient(config: TemporalConfig): Client {
  return new Client({ connection: Connection.lazy(connectionOptions(config)), namespace: config.namespace });
}
