import type { Knex } from 'knex';

const MERGE_USER = `
CREATE FUNCTION merge_user(previous text, target text, merged_at bigint, event_name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  taken boolean;
BEGIN
  -- A user without a lifecycle takes over the lifecycle of the previous id, with everything in progress.
  UPDATE users u SET memory = p.memory, stage = p.stage, state_format = p.state_format, release = p.release,
    awaiting = p.awaiting, wake_at = p.wake_at
  FROM users p WHERE u.id = target AND p.id = previous AND u.memory IS NULL AND p.memory IS NOT NULL;
  taken := FOUND;

  -- Otherwise the previous id's lifecycle ends, because there is only one memory.
  IF NOT taken THEN
    UPDATE messages SET status = 'cancelled', reason = 'merged'
    WHERE user_id = previous AND status IN ('queued', 'held', 'sending', 'retrying');
    UPDATE runs SET status = 'exited', ended_at = merged_at, reason = 'merged',
      body = body || jsonb_build_object('status', 'exited', 'endedAt', merged_at, 'reason', 'merged')
    WHERE user_id = previous AND status IN ('active', 'failed');
  END IF;

  -- Everything else moves to the user, table by table. An event that both have is kept once. When ids merge, an opt-out on either
  -- wins.
  UPDATE events e SET user_id = target
  WHERE user_id = previous
    AND NOT EXISTS (SELECT FROM events same WHERE same.user_id = target AND same.message_id = e.message_id);
  DELETE FROM events WHERE user_id = previous;
  UPDATE runs SET user_id = target WHERE user_id = previous;
  UPDATE messages SET user_id = target WHERE user_id = previous;
  UPDATE push_subscriptions SET user_id = target WHERE user_id = previous;
  INSERT INTO stage_changes (user_id, at, "from", "to", reason)
  SELECT target, at, "from", "to", reason FROM stage_changes WHERE user_id = previous ORDER BY id
  ON CONFLICT DO NOTHING;
  UPDATE aliases SET user_id = target WHERE user_id = previous;
  UPDATE users u SET
    traits = merge_traits(p.traits, u.traits),
    consent = (
      SELECT coalesce(jsonb_object_agg(channel, coalesce(p.consent -> channel <> 'false', true) AND coalesce(u.consent -> channel <> 'false', true)), '{}')
      FROM jsonb_object_keys(p.consent || u.consent) AS channel
    ),
    created_at = least(u.created_at, p.created_at),
    last_seen_at = greatest(u.last_seen_at, p.last_seen_at),
    awaiting_version = ''
  FROM users p WHERE u.id = target AND p.id = previous;

  -- The previous row is deleted last, because rows that refer to it are deleted with it. Its workflow has to be erased too.
  DELETE FROM users WHERE id = previous;
  INSERT INTO aliases (previous_id, user_id) VALUES (previous, target);
  INSERT INTO erasures (user_id) VALUES (previous)
  ON CONFLICT (user_id) DO UPDATE SET requested_at = excluded.requested_at;

  -- An internal event wakes the user in two cases. A lifecycle that was taken over had its workflow under the previous id. The
  -- user's own runs may wait for, or exit on, an event of the previous id that the engine has not applied to them.
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, pending)
  SELECT target, gen_random_uuid()::text, 'manual', event_name, merged_at, merged_at, '{}', true
  WHERE taken OR EXISTS (SELECT FROM runs WHERE user_id = target AND status IN ('active', 'failed'));
END
$$`;

// A generic plan made while there were few users would read whole tables for each pair, so plans are always custom.
const MERGE_USERS = `
CREATE FUNCTION merge_users(previous_ids text[], user_ids text[], merged_at bigint, never_seen bigint, event_name text)
RETURNS TABLE (user_id text, id bigint, name text) LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  locked text[];
  previous text;
  target text;
  grown text[] := '{}';
BEGIN
  -- Inserts or locks both users of each pair, except for pairs that the loop skips. Concurrent writes of events for them then have
  -- to wait. Rows are locked in the same order as by ingest, to avoid deadlocks.
  WITH person AS (
    INSERT INTO users AS u (id, created_at, last_seen_at)
    SELECT DISTINCT one.id, merged_at, never_seen
    FROM unnest(previous_ids, user_ids) AS pair (previous_id, user_id)
      LEFT JOIN aliases known ON known.previous_id = pair.user_id,
      LATERAL (VALUES (pair.previous_id), (coalesce(known.user_id, pair.user_id))) AS one (id)
    WHERE pair.previous_id <> coalesce(known.user_id, pair.user_id)
      AND NOT EXISTS (SELECT FROM aliases a WHERE a.previous_id = pair.previous_id)
    ORDER BY one.id
    ON CONFLICT ON CONSTRAINT users_pkey DO UPDATE SET version = u.version + 1
    RETURNING u.id
  )
  SELECT coalesce(array_agg(person.id), '{}') INTO locked FROM person;

  FOR previous, target IN SELECT * FROM unnest(previous_ids, user_ids) LOOP
    target := coalesce((SELECT a.user_id FROM aliases a WHERE a.previous_id = target), target);
    CONTINUE WHEN previous = target OR EXISTS (SELECT FROM aliases a WHERE a.previous_id = previous);
    -- A concurrent erasure may have removed an alias that was used to choose which users to lock.
    IF NOT ARRAY[previous, target] <@ locked THEN
      PERFORM try_again();
    END IF;
    PERFORM merge_user(previous, target, merged_at, event_name);
    grown := grown || target;
  END LOOP;

  RETURN QUERY SELECT e.user_id, e.id, e.name FROM events e WHERE e.user_id = ANY (grown) AND e.pending ORDER BY e.id;
END
$$`;

/**
 * Creates functions that merge many ids in one round trip. `merge_user` merges two users that are already locked. `merge_users`
 * locks all users of a list of pairs, merges the pairs in their order, and returns the pending events of the users that something
 * was merged into.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(MERGE_USER);
  await knex.raw(MERGE_USERS);
  // The trigger on new users has the same problem: with a generic plan it could read all aliases for each new user. It looks up a
  // single key, and planning that each time would take longer than the lookup, so sequential scans are switched off instead.
  await knex.raw('ALTER FUNCTION refuse_alias SET enable_seqscan = off');
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER FUNCTION refuse_alias RESET enable_seqscan');
  await knex.raw('DROP FUNCTION merge_users');
  await knex.raw('DROP FUNCTION merge_user');
}
