import type { Knex } from 'knex';

const UP = `
CREATE FUNCTION try_again() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'another transaction got ahead of this one' USING ERRCODE = 'serialization_failure';
END
$$`;

/**
 * Creates a function for statements that find out at their end that what they read at first is outdated. Its error makes the caller
 * repeat the transaction.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(UP);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP FUNCTION try_again');
}
