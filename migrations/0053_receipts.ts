import type { Knex } from 'knex';

/**
 * Adds to messages when a provider first reported what became of them, in epoch milliseconds of the journey clock. All are null for
 * messages of before.
 */
const REPORTED =
  'ALTER TABLE messages ADD COLUMN delivered_at bigint, ADD COLUMN opened_at bigint, ADD COLUMN bounced_at bigint, ADD COLUMN complained_at bigint';

// Bounces that may be of passing cause, of which several in a row mean that the address is dead. The address is a hash, as in
// `suppressed_addresses`.
const SOFT_BOUNCES = `
CREATE TABLE soft_bounces (
  message uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
  channel text NOT NULL,
  address bytea NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX soft_bounces_by_address ON soft_bounces (address, channel)`;

// Telephone numbers are written in many ways. Only their digits and the plus sign count.
const ADDRESS_KEY = `
CREATE FUNCTION channel_address_key(channel text, address text) RETURNS bytea LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT address_key(CASE WHEN channel IN ('sms', 'voice', 'whatsApp') THEN regexp_replace(address, '[^0-9+]', '', 'g') ELSE address END)
$$`;

/** Creates what receipts of providers need. */
export async function up(knex: Knex): Promise<void> {
  for (const statement of [REPORTED, SOFT_BOUNCES, ADDRESS_KEY]) await knex.raw(statement);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP FUNCTION channel_address_key(text, text)');
  await knex.raw('DROP TABLE soft_bounces');
  await knex.raw(
    'ALTER TABLE messages DROP COLUMN delivered_at, DROP COLUMN opened_at, DROP COLUMN bounced_at, DROP COLUMN complained_at',
  );
}
