import type { Pool } from 'pg';
import { SOFT_BOUNCES } from '../engine/model/soft-bounces';
import type { Reach } from '../engine/model/state';
import { ADDRESS_TRAITS } from './address-traits';
import { retryOnConflict } from './conflict';
import { statement, type Placeholders } from './sql';

/*
 * What is remembered about addresses, whoever's profile they stand in. The table holds hashes of normalised addresses: PostgreSQL's
 * function `address_key` trims an address, makes it lower-case and hashes it; of a telephone number only the digits count.
 */

/** What `suppressionsOf` selects: causes by channel; null when nothing is known. */
export type Suppressions = Reach['suppressed'] | null;

/** The hashes of a user's addresses: one for each trait. Channels that share a trait read it in the same way. */
const keysOf = (user: string): string =>
  [...new Map(Object.entries(ADDRESS_TRAITS).map(([channel, trait]) => [trait, channel]))]
    .map(([trait, channel]) => `channel_address_key('${channel}', ${user}.traits ->> '${trait}')`)
    .join(', ');

/**
 * SQL: what is known of the addresses of a user. `user` is the alias of a row of `users`. The arrays keep the plan to the index, however
 * many addresses the planner takes a user to have. What is known of an address on a channel of the team's own holds only for the trait
 * of that channel: the same number may be another person's on another channel.
 */
export function suppressionsOf(user: string): string {
  const ownKey = `channel_address_key(t.channel, ${user}.traits ->> t.trait)`;
  return `(SELECT jsonb_object_agg(s.channel, s.causes) FROM (
    SELECT channel, jsonb_agg(cause ORDER BY cause) AS causes FROM suppressed_addresses a
    WHERE address = ANY (ARRAY[${keysOf(user)}] || ARRAY(SELECT ${ownKey} FROM channel_traits t))
      AND NOT EXISTS (SELECT FROM channel_traits t WHERE t.channel = a.channel AND ${ownKey} IS DISTINCT FROM a.address)
    GROUP BY channel
  ) s)`;
}

/** The part of a user's reach that `suppressionsOf` selected. */
export function suppressedReach(suppressed: Suppressions): Pick<Reach, 'suppressed'> {
  return suppressed ? { suppressed } : {};
}

interface Bounce {
  readonly id: string;
  /** The address that takes no mail; null when the attempt did not find that out. */
  readonly deadAddress: string | null;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
}

/** SQL: remembers that the address of an email takes no mail. It leaves no trace of a user who was erased meanwhile. */
export function rememberBounce(param: Placeholders<Bounce>): string {
  return `
  INSERT INTO suppressed_addresses (channel, address, cause, at)
  SELECT channel, channel_address_key(channel, ${param.deadAddress}), 'bounced', ${param.at}::bigint
  FROM messages WHERE id = ${param.id} AND ${param.deadAddress}::text IS NOT NULL
  ON CONFLICT DO NOTHING`;
}

interface Answer {
  /** The text of a JSON object. */
  readonly answers: string;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
}

/** SQL: each channel whose addresses can be suppressed, and the trait that holds a person's address on it. */
export const TRAITS_OF_CHANNELS = `(
    VALUES ${Object.entries(ADDRESS_TRAITS)
      .map(([channel, trait]) => `('${channel}', '${trait}')`)
      .join(', ')} UNION ALL SELECT channel, trait FROM channel_traits
  ) AS way (channel, trait)`;

/** SQL: remembers that the holders in `users`, a query with their traits, opted out of channels with addresses, if they did. */
export function rememberOptOut(param: Placeholders<Answer>, users: string): string {
  return `
  INSERT INTO suppressed_addresses (channel, address, cause, at)
  SELECT way.channel, channel_address_key(way.channel, traits ->> way.trait), 'opted out', ${param.at}::bigint
  FROM ${users} CROSS JOIN ${TRAITS_OF_CHANNELS}
  WHERE ${param.answers}::jsonb -> way.channel = 'false' AND jsonb_typeof(traits -> way.trait) = 'string'
  ON CONFLICT DO NOTHING`;
}

/** SQL: forgets everything about the addresses of the holders in `users`, on the channels that they opted in to. */
export function forgetAddress(param: Placeholders<Answer>, users: string): string {
  return `
  DELETE FROM suppressed_addresses s USING ${users} holder CROSS JOIN ${TRAITS_OF_CHANNELS}
  WHERE ${param.answers}::jsonb -> way.channel = 'true' AND s.channel = way.channel
    AND s.address = channel_address_key(way.channel, holder.traits ->> way.trait)`;
}

/** What a provider reported about the address of a message. */
export interface AddressReport {
  readonly messageId: string;
  /** The address. Default: the one that the user has now. */
  readonly address: string | null;
  readonly cause: 'bounced' | 'complained' | 'soft bounce';
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
}

interface Reported {
  readonly ids: readonly string[];
  readonly addresses: readonly (string | null)[];
  readonly causes: readonly string[];
  readonly times: readonly number[];
}

/** SQL: the reports with the keys of their addresses. Messages of users who were erased are left out. */
const reported = (param: Placeholders<Reported>): string => `
  SELECT m.id, m.channel, one.cause, one.at, channel_address_key(m.channel, coalesce(one.address, u.traits ->> (
    SELECT way.trait FROM ${TRAITS_OF_CHANNELS} WHERE way.channel = m.channel
  ))) AS key
  FROM unnest(${param.ids}::uuid[], ${param.addresses}::text[], ${param.causes}::text[], ${param.times}::bigint[])
    AS one (id, address, cause, at)
  JOIN messages m ON m.id = one.id JOIN users u ON u.id = m.user_id`;

const REMEMBER = statement<Reported>(
  (param) => `
WITH report AS (${reported(param)}
), soft AS (
  INSERT INTO soft_bounces (message, channel, address, at)
  SELECT DISTINCT ON (id) id, channel, key, at FROM report WHERE cause = 'soft bounce' AND key IS NOT NULL ORDER BY id, at
  ON CONFLICT DO NOTHING
)
INSERT INTO suppressed_addresses (channel, address, cause, at)
SELECT channel, key, cause, min(at) FROM report WHERE cause <> 'soft bounce' AND key IS NOT NULL GROUP BY channel, key, cause
ORDER BY key ON CONFLICT DO NOTHING`,
);

/** A delivery after a bounce shows that the address lives. This is a statement of its own, so that of two bounces at once the later one counts both. */
const COUNT_SOFT = statement<Reported & { readonly count: number; readonly withinMs: number }>(
  (param) => `
INSERT INTO suppressed_addresses (channel, address, cause, at)
SELECT report.channel, report.key, 'bounced', max(report.at) FROM (${reported(param)}
) report
WHERE report.cause = 'soft bounce' AND (
  SELECT count(*) FROM soft_bounces b JOIN messages m ON m.id = b.message
  WHERE b.address = report.key AND b.channel = report.channel AND b.at > report.at - ${param.withinMs}::bigint AND NOT EXISTS (
    SELECT FROM messages later WHERE later.user_id = m.user_id AND later.channel = b.channel AND later.delivered_at > b.at
  )
) >= ${param.count}
GROUP BY report.channel, report.key ON CONFLICT DO NOTHING`,
);

/**
 * Remembers what providers reported about addresses. A bounce for good and a complaint suppress the address at once, soft bounces when
 * there are `SOFT_BOUNCES` of them without a delivery after.
 */
export async function rememberReports(pool: Pool, reports: readonly AddressReport[]): Promise<void> {
  if (reports.length === 0) return;
  const values = {
    ids: reports.map(({ messageId }) => messageId),
    addresses: reports.map(({ address }) => address),
    causes: reports.map(({ cause }) => cause),
    times: reports.map(({ at }) => at),
  };
  await retryOnConflict(() => pool.query(REMEMBER(values)));
  if (values.causes.includes('soft bounce'))
    await retryOnConflict(() => pool.query(COUNT_SOFT({ ...values, ...SOFT_BOUNCES })));
}
