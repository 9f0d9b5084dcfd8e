import type { Pool } from 'pg';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { PendingEvent } from './pending';
import { recordOwnReceipts, type Receipt } from './receipts';
import { prepared } from './sql';

/*
 * Messages that a worker gave up: a provider has refused them for good, they have expired, or they may not be sent any more. The statement
 * that records this also adds a row of `given_up_messages`. What is here turns the row into the event `Message Bounced` or
 * `Message Failed`, as if the provider had reported it.
 */

/** Messages that are reported at once. */
export const GIVEN_UP_AT_ONCE = 200;

const COLUMNS = `id AS "messageId", CASE WHEN bounced THEN 'bounced' ELSE 'failed' END AS kind, bounced AS permanent, detail, at`;

const FIND = prepared<{ readonly ids: readonly string[] }>(
  'find-given-up',
  (param) => `SELECT ${COLUMNS} FROM given_up_messages WHERE id = ANY (${param.ids}::uuid[])`,
);

const FIND_LOST = prepared<{ readonly seconds: number }>(
  'find-given-up-lost',
  (param) => `
SELECT ${COLUMNS} FROM given_up_messages WHERE given_up_at < now() - make_interval(secs => ${param.seconds}::float8)
ORDER BY given_up_at LIMIT ${GIVEN_UP_AT_ONCE}`,
);

const REMOVE = prepared<{ readonly ids: readonly string[] }>(
  'remove-given-up',
  (param) => `DELETE FROM given_up_messages WHERE id = ANY (${param.ids}::uuid[])`,
);

/** What stands of these messages, if they were given up and that is not reported yet. */
export async function givenUp(pool: Pool, ids: readonly string[]): Promise<readonly Receipt[]> {
  return (await pool.query<Receipt>(FIND({ ids }))).rows;
}

/**
 * Lists messages that were given up this long ago and are not reported yet, the oldest first: the worker has died.
 * @param seconds real seconds
 */
export async function givenUpAndLost(pool: Pool, seconds: number): Promise<readonly Receipt[]> {
  return (await pool.query<Receipt>(FIND_LOST({ seconds }))).rows;
}

/**
 * Stores the events of messages that were given up, and then forgets that they are to be stored. If it is interrupted in between, it is
 * repeated: an event that is already stored is left as it is.
 * @param now epoch milliseconds of the journey clock
 * @returns the events that are awaited
 */
export async function recordGivenUp(
  pool: Pool,
  definitions: DefinitionsProvider,
  receipts: readonly Receipt[],
  now: number,
): Promise<readonly PendingEvent[]> {
  const pending = await recordOwnReceipts(pool, definitions, receipts, now);
  await pool.query(REMOVE({ ids: receipts.map(({ messageId }) => messageId) }));
  return pending;
}
