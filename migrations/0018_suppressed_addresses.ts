import type { Knex } from 'knex';

// What may stand around an address without being seen: the characters that `String.prototype.trim` removes, and the most frequent
// ones without width.
const WHITE_SPACE = [
  ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff],
  ...[0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060],
  ...Array.from({ length: 11 }, (_, index) => 0x2000 + index),
];
const WHITE_SPACE_TEXT = `U&'${WHITE_SPACE.map((code) => `\\${code.toString(16).padStart(4, '0')}`).join('')}'`;

const UP = `
CREATE TABLE suppressed_addresses (
  channel text NOT NULL,
  address bytea NOT NULL,
  cause text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (address, channel, cause)
);

CREATE FUNCTION address_key(address text) RETURNS bytea LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT sha256(convert_to(lower(btrim(address, ${WHITE_SPACE_TEXT})), 'UTF8'))
$$;

INSERT INTO suppressed_addresses (channel, address, cause, at)
SELECT DISTINCT 'email', address_key(traits ->> 'email'), 'opted out', last_seen_at
FROM users WHERE consent -> 'email' = 'false' AND jsonb_typeof(traits -> 'email') = 'string'
ON CONFLICT DO NOTHING;
`;

/**
 * Adds what is remembered about addresses, whoever's profile they stand in: that mail to one came back for good (`bounced`), and
 * that a holder of one opted out (`opted out`). An address is stored only as a hash of its normalised form. Users who opted out
 * before have opted out for their address.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(UP);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE suppressed_addresses');
  await knex.raw('DROP FUNCTION address_key');
}
