import type { Knex } from 'knex';
import { MERGE_IDS as BEFORE } from './0054_topics';

// A token belongs to one installation of an app, so to the user who is signed in there.
const DEVICES = `
CREATE TABLE push_devices (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  service text NOT NULL,
  token text NOT NULL UNIQUE,
  platform text NOT NULL,
  app text,
  last_seen_at bigint NOT NULL
)`;

/** The part of a merge that removes the browsers of visitors who refused. It is the last one of its statement. */
const REFUSING = `    WHERE s.user_id = p.id AND NOT users_too AND p.rank > g.own_rank AND p.consent -> 'webPush' = 'false'
  )`;
const DEVICES_REFUSING = `, refusing_devices AS (
    DELETE FROM push_devices d USING person p JOIN merged g ON g.root = p.root
    WHERE d.user_id = p.id AND NOT users_too AND p.rank > g.own_rank AND p.consent -> 'push' = 'false'
  )`;

/** The statement of a merge before which devices move. */
const PUSH = '  UPDATE push_subscriptions s SET user_id = m.root';
const MOVE_DEVICES = `  UPDATE push_devices d SET user_id = m.root
  FROM unnest(members, roots, ranks) AS m (member, root, rank) WHERE d.user_id = m.member AND m.rank > 0;
`;

/** The text of the function that merges users. */
export const MERGE_IDS = BEFORE.replace(REFUSING, REFUSING + DEVICES_REFUSING).replace(PUSH, MOVE_DEVICES + PUSH);

/** Creates the devices to which apps get push messages. They go with their user, and a merge moves them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(DEVICES);
  await knex.raw('CREATE INDEX push_devices_by_user ON push_devices (user_id, last_seen_at DESC)');
  await knex.raw(MERGE_IDS);
}

/** Drops the devices, and restores the former merge. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(BEFORE);
  await knex.raw('DROP TABLE push_devices');
}
