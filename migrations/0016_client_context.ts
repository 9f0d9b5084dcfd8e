import type { Knex } from 'knex';

const merging = (deep: readonly string[]): string => `
CREATE OR REPLACE FUNCTION merge_traits(old jsonb, new jsonb) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT old || new ${deep
    .map(
      (name) => `|| CASE
    WHEN jsonb_typeof(old -> '${name}') = 'object' AND jsonb_typeof(new -> '${name}') = 'object'
    THEN jsonb_build_object('${name}', (old -> '${name}') || (new -> '${name}'))
    ELSE '{}'
  END`,
    )
    .join(' ')}
$$`;

/** Lets `merge_traits` merge the trait `fromContext` entry by entry, too: what clients tell of the device in `context`. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(merging(['groups', 'fromContext']));
}

/** Lets `merge_traits` merge only the trait `groups` entry by entry. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(merging(['groups']));
}
