import type { Knex } from 'knex';
import * as before from './0025_merge_ids';

export const MERGE_IDS = `
CREATE OR REPLACE FUNCTION merge_ids(
  previous_ids text[], user_ids text[], named_ids text[], users_too boolean, visitor_prefix text, most_ids int,
  merged_at bigint, never_seen bigint, event_name text
)
RETURNS TABLE (user_id text, id bigint, name text, pair int, cause text) LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  -- The users concerned, and for each position in this list:
  ids text[];
  created text[];
  known boolean[];      -- somebody used one of the user's ids as a user id; the others are visitors
  size int[];           -- how many ids the user has
  -- The pairs: positions of both users, 0 for a pair that is left alone, whether its name is that of a user, and why it is refused.
  previous int[];
  target int[];
  named boolean[];
  causes text[];
  -- The groups, one entry for each member. The user that stays has rank 0.
  members text[]; roots text[]; ranks int[];
  moved text[]; ended text[];
  heirs text[]; continued text[];
BEGIN
  -- Inserts or locks both users of each pair, except for pairs that are left alone. Concurrent writes of events for them then have
  -- to wait. Rows are locked in the same order as by ingest, to avoid deadlocks. A row that was inserted has no xmax; one that was
  -- there before has that of its lock.
  WITH person AS (
    INSERT INTO users AS u (id, created_at, last_seen_at)
    SELECT DISTINCT one.id, merged_at, never_seen
    FROM unnest(previous_ids, user_ids) AS given (previous_id, user_id)
      LEFT JOIN aliases a ON a.previous_id = given.user_id,
      LATERAL (VALUES (given.previous_id), (coalesce(a.user_id, given.user_id))) AS one (id)
    WHERE given.previous_id <> coalesce(a.user_id, given.user_id)
      AND NOT EXISTS (SELECT FROM aliases b WHERE b.previous_id = given.previous_id)
    ORDER BY one.id
    ON CONFLICT ON CONSTRAINT users_pkey DO UPDATE SET version = u.version + 1
    RETURNING u.id, u.xmax = 0 AS inserted
  )
  SELECT coalesce(array_agg(p.id), '{}'), coalesce(array_agg(p.id) FILTER (WHERE p.inserted), '{}') INTO ids, created
  FROM person p;

  SELECT
    array_agg(NOT starts_with(one.id, visitor_prefix) OR (
      SELECT bool_or(NOT starts_with(a.previous_id, visitor_prefix)) FROM aliases a WHERE a.user_id = one.id
    ) IS TRUE ORDER BY one.n),
    array_agg(1 + (SELECT count(*)::int FROM aliases a WHERE a.user_id = one.id) ORDER BY one.n)
  INTO known, size
  FROM unnest(ids) WITH ORDINALITY AS one (id, n);

  -- What the pairs mean under the locks. Without users_too, nobody is merged who is known, also not by the name given for the
  -- visitor.
  SELECT
    array_agg(CASE WHEN alone THEN 0 ELSE p.position END ORDER BY pairs.n),
    array_agg(CASE WHEN alone THEN 0 ELSE t.position END ORDER BY pairs.n),
    array_agg(pairs.is_user AND NOT alone ORDER BY pairs.n),
    array_agg(CASE
      WHEN NOT users_too AND (alone AND pairs.is_user AND named_id <> pairs.user_id OR NOT alone AND known[p.position])
      THEN 'known user'
    END ORDER BY pairs.n)
  INTO previous, target, named, causes
  FROM (
    SELECT given.n, given.previous_id, given.named_id, coalesce(a.user_id, given.user_id) AS user_id,
      (SELECT u.id FROM users u WHERE u.id = given.named_id AND u.id <> given.previous_id) IS NOT NULL AS is_user,
      coalesce(a.user_id, given.user_id) IN (given.previous_id, given.named_id) OR b.previous_id IS NOT NULL
        OR c.previous_id IS NOT NULL AS alone
    FROM unnest(previous_ids, user_ids, named_ids) WITH ORDINALITY AS given (previous_id, user_id, named_id, n)
      LEFT JOIN aliases a ON a.previous_id = given.user_id
      LEFT JOIN aliases b ON b.previous_id = given.previous_id
      LEFT JOIN aliases c ON c.previous_id = given.named_id
  ) AS pairs
    LEFT JOIN unnest(ids) WITH ORDINALITY AS p (id, position) ON p.id = pairs.previous_id
    LEFT JOIN unnest(ids) WITH ORDINALITY AS t (id, position) ON t.id = pairs.user_id;
  -- A concurrent erasure may have removed an alias that was used to choose which users to lock.
  IF array_position(previous, NULL) IS NOT NULL OR array_position(target, NULL) IS NOT NULL THEN
    PERFORM try_again();
  END IF;

  SELECT g.members, g.roots, g.ranks, g.refused INTO members, roots, ranks, causes
  FROM group_ids(ids, size, previous, target, named_ids, named, causes, users_too, visitor_prefix, most_ids) AS g;
  RETURN QUERY SELECT NULL::text, NULL::bigint, NULL::text, one.n::int - 1, one.cause
  FROM unnest(causes) WITH ORDINALITY AS one (cause, n) WHERE one.cause IS NOT NULL;
  IF cardinality(members) = 0 THEN
    DELETE FROM users u WHERE u.id = ANY (created);
    RETURN;
  END IF;
  moved := ARRAY(SELECT m.member FROM unnest(members, ranks) AS m (member, rank) WHERE m.rank > 0);

  -- A user without a lifecycle takes over the lifecycle of the first member that has one, with everything in progress.
  WITH heir AS (
    SELECT DISTINCT ON (m.root) m.root, m.member
    FROM unnest(members, roots, ranks) AS m (member, root, rank) JOIN users p ON p.id = m.member
    WHERE p.memory IS NOT NULL ORDER BY m.root, m.rank
  ), taken AS (
    UPDATE users u SET memory = p.memory, stage = p.stage, state_format = p.state_format, release = p.release,
      awaiting = p.awaiting, wake_at = p.wake_at
    FROM heir JOIN users p ON p.id = heir.member
    WHERE u.id = heir.root AND heir.member <> heir.root
    RETURNING heir.root, heir.member
  )
  SELECT coalesce(array_agg(t.root), '{}'), coalesce(array_agg(t.member), '{}') INTO continued, heirs FROM taken t;

  -- All other lifecycles end, because there is only one memory.
  ended := ARRAY(SELECT unnest(moved) EXCEPT SELECT unnest(heirs));
  UPDATE messages SET status = 'cancelled', reason = 'merged'
  WHERE user_id = ANY (ended) AND status IN ('queued', 'held', 'sending', 'retrying');
  UPDATE runs SET status = 'exited', ended_at = merged_at, reason = 'merged',
    body = body || jsonb_build_object('status', 'exited', 'endedAt', merged_at, 'reason', 'merged')
  WHERE user_id = ANY (ended) AND status IN ('active', 'failed');

  -- If only previous ids were in experiments, the user keeps getting the variants of the first.
  UPDATE users u SET memory = u.memory || jsonb_build_object('assignedAs', one.assigned_as)
  FROM (
    SELECT DISTINCT ON (m.root) m.root, p.memory -> 'assignedAs' AS assigned_as
    FROM unnest(members, roots, ranks) AS m (member, root, rank) JOIN users p ON p.id = m.member
    WHERE p.memory -> 'assignedAs' IS NOT NULL ORDER BY m.root, m.rank
  ) AS one
  WHERE u.id = one.root AND u.memory IS NOT NULL AND u.memory -> 'assignedAs' IS NULL;

  -- Merges profiles. All members up to the first that has been heard of stand for the user, or all if none has. The user's email is
  -- that of the first member that has such a trait, even if its value is null.
  WITH person AS (
    SELECT m.root, m.rank, p.id, p.traits, p.consent, p.created_at, p.last_seen_at,
      address_key(p.traits ->> 'email') AS address
    FROM unnest(members, roots, ranks) AS m (member, root, rank) JOIN users p ON p.id = m.member
  ), merged AS (
    SELECT p.root, merge_traits(p.traits ORDER BY p.rank DESC) AS traits, max(octet_length(p.traits::text)) AS largest, min(p.created_at) AS created_at,
      max(p.last_seen_at) AS last_seen_at,
      coalesce(min(p.rank) FILTER (WHERE p.last_seen_at <> never_seen), max(p.rank)) AS own_rank,
      (array_agg(p.address ORDER BY p.rank) FILTER (WHERE p.traits -> 'email' IS NOT NULL))[1] AS address,
      min(p.rank) FILTER (WHERE p.traits -> 'email' IS NOT NULL) AS address_rank
    FROM person p GROUP BY p.root
  ), answer AS (
    -- An opt-out of anybody wins where users may be merged. Otherwise that of a visitor counts if the visitor stands for the user,
    -- or if it is about an address that the user had, or got from the visitor.
    SELECT p.root, given.channel, bool_and(given.answer <> 'false') AS agrees
    FROM person p JOIN merged g ON g.root = p.root, LATERAL jsonb_each(p.consent) AS given (channel, answer)
    WHERE users_too OR p.rank <= g.own_rank OR given.answer <> 'false'
      OR given.channel = 'email' AND (g.address_rank >= p.rank OR g.address IS NOT DISTINCT FROM p.address)
    GROUP BY p.root, given.channel
  ), refusing AS (
    -- Notifications were refused in the visitor's browser, so it gets none of the user's either.
    DELETE FROM push_subscriptions s USING person p JOIN merged g ON g.root = p.root
    WHERE s.user_id = p.id AND NOT users_too AND p.rank > g.own_rank AND p.consent -> 'webPush' = 'false'
  )
  UPDATE users u SET
    -- Traits have a limit of 128 KB, and may not grow beyond it. If they would, the user keeps their own.
    traits = CASE
      WHEN octet_length(g.traits::text) > greatest(131072, g.largest) THEN u.traits ELSE g.traits
    END,
    created_at = g.created_at, last_seen_at = g.last_seen_at, awaiting_version = '',
    consent = coalesce((SELECT jsonb_object_agg(a.channel, a.agrees) FROM answer a WHERE a.root = g.root), '{}')
  FROM merged g WHERE u.id = g.root;

  -- Everything else moves to the user, table by table. An event that several have is kept once: the user's own, or else that of
  -- the first member.
  DELETE FROM events e USING (
    SELECT m.root, e.user_id, e.message_id, row_number() OVER (PARTITION BY m.root, e.message_id ORDER BY m.rank) AS n
    FROM unnest(members, roots, ranks) AS m (member, root, rank) JOIN events e ON e.user_id = m.member
    WHERE m.rank > 0
  ) AS copy
  WHERE e.user_id = copy.user_id AND e.message_id = copy.message_id AND (copy.n > 1 OR (
    SELECT same.message_id FROM events same WHERE same.user_id = copy.root AND same.message_id = copy.message_id
  ) IS NOT NULL);
  UPDATE events e SET user_id = m.root
  FROM unnest(members, roots, ranks) AS m (member, root, rank) WHERE e.user_id = m.member AND m.rank > 0;
  UPDATE runs r SET user_id = m.root
  FROM unnest(members, roots, ranks) AS m (member, root, rank) WHERE r.user_id = m.member AND m.rank > 0;
  UPDATE messages t SET user_id = m.root
  FROM unnest(members, roots, ranks) AS m (member, root, rank) WHERE t.user_id = m.member AND m.rank > 0;
  UPDATE push_subscriptions s SET user_id = m.root
  FROM unnest(members, roots, ranks) AS m (member, root, rank) WHERE s.user_id = m.member AND m.rank > 0;
  INSERT INTO stage_changes (user_id, at, "from", "to", reason)
  SELECT m.root, s.at, s."from", s."to", s.reason
  FROM unnest(members, roots, ranks) AS m (member, root, rank) JOIN stage_changes s ON s.user_id = m.member
  WHERE m.rank > 0 ORDER BY m.root, m.rank, s.id
  ON CONFLICT DO NOTHING;
  UPDATE aliases a SET user_id = m.root
  FROM unnest(members, roots, ranks) AS m (member, root, rank) WHERE a.user_id = m.member AND m.rank > 0;

  -- The previous rows are deleted last, because rows that refer to them are deleted with them. So are the rows of pairs that were
  -- refused in the end. The workflow of a previous id has to be erased, which only a user who was there before can have.
  DELETE FROM users u USING (SELECT unnest(moved) AS id UNION SELECT unnest(created) EXCEPT SELECT unnest(roots)) AS gone
  WHERE u.id = gone.id;
  INSERT INTO aliases (previous_id, user_id)
  SELECT m.member, m.root FROM unnest(members, roots, ranks) AS m (member, root, rank) WHERE m.rank > 0;
  INSERT INTO erasures (user_id)
  SELECT gone.id FROM (SELECT unnest(moved) AS id EXCEPT SELECT unnest(created)) AS gone ORDER BY gone.id
  ON CONFLICT ON CONSTRAINT erasures_pkey DO UPDATE SET requested_at = excluded.requested_at;

  -- An internal event wakes the user in two cases. A lifecycle that was taken over had its workflow under the previous id. The
  -- user's own runs may wait for, or exit on, an event of a previous id that the engine has not applied to them.
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
  SELECT one.root, gen_random_uuid()::text, 'manual', event_name, merged_at, merged_at, '{}', true
  FROM (SELECT DISTINCT unnest(roots) AS root) AS one
  WHERE one.root = ANY (continued)
    OR EXISTS (SELECT FROM runs r WHERE r.user_id = one.root AND r.status IN ('active', 'failed'));

  RETURN QUERY SELECT e.user_id, e.id, e.name, NULL::int, NULL::text
  FROM events e WHERE e.user_id = ANY (ARRAY(SELECT DISTINCT unnest(roots))) AND e.pending ORDER BY e.id;
END
$$`;

/**
 * Gives `merge_ids` of `0025_merge_ids` two rules about what visitors refused, under which a list has the outcome of its pairs one
 * by one. Everything else in the function stays as it was.
 *
 * - If nobody has been heard of, neither the user nor the visitor, what the visitor refused counts for the user. It was lost before,
 *   unless another visitor of the same list had been heard of.
 * - A user whose trait `email` is null does not get a visitor's address, so a later visitor of the same list is not compared with
 *   that address any more.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(MERGE_IDS);
}

/** Restores the former rules. */
export async function down(knex: Knex): Promise<void> {
  await before.down(knex);
  await before.up(knex);
}
