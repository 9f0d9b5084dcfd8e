import type { Knex } from 'knex';
import { MERGE_IDS as BEFORE } from './0044_chats';

/** The place of a merge before which history is marked. */
const MOVES = '  -- Everything else moves to the user, table by table.';

/**
 * The memory that stays after a merge knows the history of one member, up to when that was imported: of the user, or of the member whose
 * lifecycle the user took over. So the history of the others counts as imported just now, and the engine takes it in once.
 */
const HISTORY = `
  IF EXISTS (SELECT FROM users p WHERE p.id = ANY (members) AND p.imported_at IS NOT NULL) THEN
    WITH member AS (
      SELECT m.root, m.member AS id, coalesce(t.heir, m.root) AS owner
      FROM unnest(members, roots) AS m (member, root) LEFT JOIN unnest(continued, heirs) AS t (root, heir) ON t.root = m.root
    ), latest AS (
      SELECT m.root, max(p.imported_at) + 1 AS at FROM member m JOIN users p ON p.id = m.id
      GROUP BY m.root HAVING max(p.imported_at) IS NOT NULL
    ), unknown AS (
      UPDATE events e SET received_at = l.at
      FROM member m JOIN latest l ON l.root = m.root JOIN users u ON u.id = m.root
      WHERE e.user_id = m.id AND m.id <> m.owner AND e.history AND e.received_at <= (u.memory ->> 'importedUntil')::bigint
        AND (SELECT same.message_id FROM events same WHERE same.user_id = m.owner AND same.message_id = e.message_id) IS NULL
    )
    UPDATE users u SET imported_at = l.at, look_version = NULL FROM latest l WHERE u.id = l.root;
  END IF;

`;

/** The text of the function that merges users. */
export const MERGE_IDS = BEFORE.replace(MOVES, HISTORY + MOVES);

/**
 * Adds to users, without rewriting a row:
 * - when history of theirs was last imported, in epoch milliseconds; null for never
 * - the version of the definitions that said when to look for the first time at a user of whom only history is known; null for all others
 * - which of their answers in `consent` were imported: by channel, with what the user answered and when
 *
 * A merge brings the first two up to date.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `ALTER TABLE users ADD COLUMN imported_at bigint, ADD COLUMN look_version text,
      ADD COLUMN imported_consent jsonb NOT NULL DEFAULT '{}'`,
  );
  await knex.raw(MERGE_IDS);
}

/** Drops the columns that `up` added, and restores the former merge. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(BEFORE);
  await knex.raw('ALTER TABLE users DROP COLUMN imported_at, DROP COLUMN look_version, DROP COLUMN imported_consent');
}
