import type { Knex } from 'knex';

// Other names of messages, by which providers and people speak of them: the number that a message went to, and the provider's own
// id. They are hashes: a number is somebody's, and the table must not tell whose.
const REFERENCES = `
CREATE TABLE message_references (
  source text NOT NULL,
  reference bytea NOT NULL,
  message uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
  PRIMARY KEY (source, reference, message)
)`;

const BY_MESSAGE = 'CREATE INDEX message_references_by_message ON message_references (message)';

/** Creates the table of the names that others have for messages. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(REFERENCES);
  await knex.raw(BY_MESSAGE);
}

/** Drops it. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE message_references');
}
