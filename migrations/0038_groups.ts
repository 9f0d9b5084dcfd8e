import type { Knex } from 'knex';

const UP = `
CREATE FUNCTION group_type(properties jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN jsonb_typeof(properties -> 'groupType') = 'string' AND length(properties ->> 'groupType') BETWEEN 1 AND 100
    THEN properties ->> 'groupType'
    ELSE 'company'
  END
$$;

CREATE TABLE group_traits (
  type text NOT NULL,
  group_id text NOT NULL,
  trait text NOT NULL,
  value jsonb NOT NULL,
  at bigint NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (type, group_id, trait)
);
`;

/**
 * Creates what is asked about groups, beside the `group` calls themselves.
 *
 * - `group_type` is the type of the group in a `group` call.
 * - `group_traits` has what erased users had said about their groups, the latest of each trait. What all others said is read from
 *   their calls.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(UP);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE group_traits; DROP FUNCTION group_type;');
}
