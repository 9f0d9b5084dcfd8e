import type { Knex } from 'knex';

const MOVED = `
CREATE FUNCTION history_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE users SET imported_at = NEW.received_at
  WHERE id = NEW.user_id AND (imported_at IS NULL OR imported_at < NEW.received_at);
  RETURN NULL;
END
$$`;

/**
 * Adds whether an event is imported history. A constant default rewrites no row. If history moves to another user by a merge, the time
 * of the import moves with it, to the column that `0047_imported_users` adds. The trigger costs nothing for any other event.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE events ADD COLUMN history boolean NOT NULL DEFAULT false');
  await knex.raw(MOVED);
  await knex.raw(`CREATE TRIGGER history_moved AFTER UPDATE OF user_id ON events
    FOR EACH ROW WHEN (NEW.history) EXECUTE FUNCTION history_moved()`);
}

/** Drops what `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TRIGGER history_moved ON events');
  await knex.raw('DROP FUNCTION history_moved');
  await knex.raw('ALTER TABLE events DROP COLUMN history');
}
