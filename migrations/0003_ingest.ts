import type { Knex } from 'knex';

const UP = `
CREATE FUNCTION merge_traits(old jsonb, new jsonb) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT old || new || CASE
    WHEN jsonb_typeof(old -> 'groups') = 'object' AND jsonb_typeof(new -> 'groups') = 'object'
    THEN jsonb_build_object('groups', (old -> 'groups') || (new -> 'groups'))
    ELSE '{}'
  END
$$;
CREATE AGGREGATE merge_traits (jsonb) (SFUNC = merge_traits, STYPE = jsonb, INITCOND = '{}');

CREATE FUNCTION refuse_alias() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM aliases WHERE previous_id = NEW.id) THEN
    RAISE EXCEPTION 'this id has just become an alias' USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER users_refuse_alias AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse_alias();

CREATE INDEX aliases_by_user ON aliases (user_id);
CREATE INDEX events_pending_since ON events (received_at) WHERE pending;
`;

const DOWN = `
DROP INDEX events_pending_since;
DROP INDEX aliases_by_user;
DROP TRIGGER users_refuse_alias ON users;
DROP FUNCTION refuse_alias;
DROP AGGREGATE merge_traits (jsonb);
DROP FUNCTION merge_traits;
`;

/**
 * Creates what ingest needs.
 *
 * - `merge_traits` merges traits key by key, and the trait `groups` group by group.
 * - The trigger refuses a new user with an id that is an alias. It has its own snapshot, so it also sees a merge that the insert had
 *   to wait for. Its error makes the caller repeat the transaction, which then finds the alias.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(UP);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(DOWN);
}
