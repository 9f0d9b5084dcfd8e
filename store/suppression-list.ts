import type { Pool } from 'pg';
import type { Suppression } from '../engine/model/state';
import { retryOnConflict } from './conflict';
import { statement, type Placeholders } from './sql';

/** The causes for which an address can be suppressed. */
export const SUPPRESSIONS = ['bounced', 'complained', 'opted out'] as const satisfies readonly Suppression[];

/** An address that gets nothing on a channel. */
export interface SuppressedAddress {
  readonly channel: string;
  /** The SHA-256 hash of the normalised address in hexadecimal digits. The address itself is not stored. */
  readonly hash: string;
  readonly cause: Suppression;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
}

/** An address on a channel: itself or its hash. */
export interface GivenAddress {
  readonly channel: string;
  readonly address?: string | undefined;
  readonly hash?: string | undefined;
}

/** The place of an address in the list. */
export type SuppressionPlace = Pick<SuppressedAddress, 'hash' | 'channel' | 'cause'>;

const LIST = statement<SuppressionPlace & { readonly limit: number }>(
  (param) => `
SELECT channel, encode(address, 'hex') AS hash, cause, at FROM suppressed_addresses
WHERE (address, channel, cause) > (decode(${param.hash}, 'hex'), ${param.channel}, ${param.cause})
ORDER BY address, channel, cause LIMIT ${param.limit}`,
);

/** Lists suppressed addresses in the order of their hashes. @param after the last one of the page before; null for the first page */
export async function listSuppressions(
  pool: Pool,
  after: SuppressionPlace | null,
  limit: number,
): Promise<SuppressedAddress[]> {
  const from = after ?? { hash: '', channel: '', cause: '' as Suppression };
  return (await pool.query<SuppressedAddress>(LIST({ ...from, limit }))).rows;
}

interface Columns {
  readonly channels: readonly string[];
  readonly addresses: readonly (string | null)[];
  readonly hashes: readonly (string | null)[];
}

const columnsOf = (given: readonly GivenAddress[]): Columns => ({
  channels: given.map(({ channel }) => channel),
  addresses: given.map(({ address }) => address ?? null),
  hashes: given.map(({ hash }) => hash?.toLowerCase() ?? null),
});

const KEY = `coalesce(decode(one.hash, 'hex'), channel_address_key(one.channel, one.address))`;
const arrays = (param: Placeholders<Columns>): string =>
  `${param.channels}::text[], ${param.addresses}::text[], ${param.hashes}::text[]`;

const ADD = statement<Columns & { readonly causes: readonly string[]; readonly at: number }>(
  (param) => `
INSERT INTO suppressed_addresses (channel, address, cause, at)
SELECT DISTINCT one.channel, ${KEY} AS address, one.cause, ${param.at}::bigint
FROM unnest(${arrays(param)}, ${param.causes}::text[]) AS one (channel, address, hash, cause)
ORDER BY 2, 1, 3 ON CONFLICT DO NOTHING`,
);

/**
 * Suppresses addresses. One that is suppressed for the same cause already stays as it is.
 * @param at epoch milliseconds of the journey clock
 * @returns how many are new
 */
export async function addSuppressions(
  pool: Pool,
  given: readonly (GivenAddress & { readonly cause: Suppression })[],
  at: number,
): Promise<number> {
  const values = { ...columnsOf(given), causes: given.map(({ cause }) => cause), at };
  const { rowCount } = await retryOnConflict(() => pool.query(ADD(values)));
  return rowCount ?? 0;
}

const REMOVE = statement<Columns>(
  (param) => `
WITH given AS (SELECT one.channel, ${KEY} AS address FROM unnest(${arrays(param)}) AS one (channel, address, hash)), soft AS (
  DELETE FROM soft_bounces s USING given WHERE s.channel = given.channel AND s.address = given.address
)
DELETE FROM suppressed_addresses s USING given WHERE s.channel = given.channel AND s.address = given.address`,
);

/** Forgets everything about an address, for whatever cause it is suppressed. @returns false when it was not suppressed */
export async function removeSuppression(pool: Pool, given: GivenAddress): Promise<boolean> {
  const { rowCount } = await retryOnConflict(() => pool.query(REMOVE(columnsOf([given]))));
  return (rowCount ?? 0) > 0;
}
