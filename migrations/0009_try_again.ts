import type { Knex } from 'knex';

const UP = `
CREATE FUNCTION try_again() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'another transaction got ahead of this one' USING ERRCODE = 'serialization_failure';
END
$$`;

/** For a statement that finds out at its end that what it read first is no longer so. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(UP);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP FUNCTION try_again');
}
