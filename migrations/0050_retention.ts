import type { Knex } from 'knex';

// There is one row. Whoever removes something holds its lock, so that nobody else does at the same time. A pass goes through all users
// in the order of their ids: `last_user` is the last one it has finished with, and `before` has the instants before which it removes.
// `began_at` is when a worker first meant to remove anything, and `completed_at` when a pass last came to its end.
const RETENTION = `
CREATE TABLE retention (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  last_user text NOT NULL DEFAULT '',
  before jsonb,
  began_at timestamptz,
  completed_at timestamptz
);
INSERT INTO retention DEFAULT VALUES`;

// The runs that were removed still count in the figures of their journey.
const REMOVED_RUNS = `
CREATE TABLE removed_runs (
  journey text NOT NULL,
  status text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (journey, status)
)`;

// How far back steps have asked for the events of a name, in milliseconds.
const LOOKED_BACK = `
CREATE TABLE looked_back (
  name text PRIMARY KEY,
  span bigint NOT NULL
)`;

/** Creates what the removal of old rows needs. */
export async function up(knex: Knex): Promise<void> {
  for (const table of [RETENTION, REMOVED_RUNS, LOOKED_BACK]) await knex.raw(table);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE looked_back, removed_runs, retention');
}
