import type { Knex } from 'knex';

const UP = `
CREATE TABLE stored_journeys (
  id text PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('draft', 'active', 'paused', 'archived')),
  version int,
  draft jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  CHECK (status = 'draft' OR version IS NOT NULL)
);

CREATE TABLE journey_versions (
  journey text NOT NULL REFERENCES stored_journeys ON DELETE CASCADE,
  version int NOT NULL,
  definition jsonb NOT NULL,
  finish boolean NOT NULL,
  author text NOT NULL,
  note text NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (journey, version)
);

CREATE TABLE journey_changes (seq bigint NOT NULL);
INSERT INTO journey_changes VALUES (0);
CREATE FUNCTION count_journey_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE journey_changes SET seq = seq + 1;
  RETURN NULL;
END
$$;
CREATE TRIGGER stored_journeys_changed AFTER UPDATE OF status, version ON stored_journeys
FOR EACH STATEMENT EXECUTE FUNCTION count_journey_change();
`;

/**
 * Creates the tables of journeys that are stored as data: the draft of each, and every published version. `version` is the one in
 * force. `finish` means that users inside at the publication of a version stay on the version before it. Times are real.
 *
 * `journey_changes` has a single row with the number of changes of the journeys in force. Each change locks the row, so a
 * transaction that reads a number also sees all changes up to it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(UP);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE journey_versions, stored_journeys, journey_changes; DROP FUNCTION count_journey_change');
}
