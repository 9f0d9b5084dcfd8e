import type { Knex } from 'knex';
import { MERGE_IDS as BEFORE } from './0029_refusals_in_lists';

// The key begins with the user, so that erasing or merging one finds their votes. Nothing reads all votes of a poll.
const VOTES = `
CREATE TABLE poll_votes (
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  poll text NOT NULL,
  value text NOT NULL,
  at bigint NOT NULL,
  shard smallint NOT NULL DEFAULT floor(random() * 16),
  PRIMARY KEY (user_id, poll)
)`;

// A counter is a row that is written for each vote. So each has 16 rows, and votes seldom wait for one another. The free space of
// a page takes the new version of a row, which then needs no new entry in the index.
const RESULTS = `
CREATE TABLE poll_results (
  poll text NOT NULL,
  value text NOT NULL,
  shard smallint NOT NULL,
  votes int NOT NULL,
  PRIMARY KEY (poll, value, shard)
) WITH (fillfactor = 50)`;

const COUNT_VOTE = `
CREATE FUNCTION count_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE poll_results r SET votes = r.votes - 1 WHERE r.poll = OLD.poll AND r.value = OLD.value AND r.shard = OLD.shard;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO poll_results AS r (poll, value, shard, votes) VALUES (NEW.poll, NEW.value, NEW.shard, 1)
    ON CONFLICT (poll, value, shard) DO UPDATE SET votes = r.votes + 1;
  END IF;
  RETURN NULL;
END
$$`;

/** The statement of a merge before which votes move. */
const PUSH = '  UPDATE push_subscriptions s SET user_id = m.root';
const MOVE_VOTES = `  -- A person has one vote in a poll: of those of several ids the latest.
  DELETE FROM poll_votes v USING (
    SELECT v.poll, v.user_id, row_number() OVER (PARTITION BY m.root, v.poll ORDER BY v.at DESC, m.rank) AS n
    FROM unnest(members, roots, ranks) AS m (member, root, rank) JOIN poll_votes v ON v.user_id = m.member
  ) AS copy
  WHERE v.user_id = copy.user_id AND v.poll = copy.poll AND copy.n > 1;
  UPDATE poll_votes v SET user_id = m.root
  FROM unnest(members, roots, ranks) AS m (member, root, rank) WHERE v.user_id = m.member AND m.rank > 0;
`;

/** The text of the function that merges users. */
export const MERGE_IDS = BEFORE.replace(PUSH, MOVE_VOTES + PUSH);

/**
 * Creates the votes in polls, and their results. A trigger counts the votes, so the results are right whatever changes a vote: the
 * person, an erasure or a merge. `merge_ids` moves votes; everything else in it stays as it was.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(VOTES);
  await knex.raw(RESULTS);
  await knex.raw(COUNT_VOTE);
  await knex.raw(
    'CREATE TRIGGER count_votes AFTER INSERT OR DELETE ON poll_votes FOR EACH ROW EXECUTE FUNCTION count_vote()',
  );
  await knex.raw(
    `CREATE TRIGGER count_changed_votes AFTER UPDATE ON poll_votes FOR EACH ROW
     WHEN (OLD.value <> NEW.value) EXECUTE FUNCTION count_vote()`,
  );
  await knex.raw(MERGE_IDS);
}

/** Drops the votes, and restores the former merge. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(BEFORE);
  await knex.raw('DROP TABLE poll_votes, poll_results');
  await knex.raw('DROP FUNCTION count_vote');
}
