import type { Knex } from 'knex';

/** `merge_user` of `0014_merge_users`, given what happens to the variants of experiments. */
const mergeUser = (assignment: string): string => `
CREATE OR REPLACE FUNCTION merge_user(previous text, target text, merged_at bigint, event_name text) RETURNS void LANGUAGE plpgsql AS $$
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
    ${assignment}
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

// The id is not in the memory of whoever was assigned a variant by an older release.
const REMEMBER_VISITORS = `
UPDATE users u SET version = version + 1, memory = memory || jsonb_build_object('assignedAs', id)
WHERE id LIKE 'anon:%' AND memory IS NOT NULL AND memory -> 'assignedAs' IS NULL
  AND EXISTS (SELECT FROM runs r WHERE r.user_id = u.id AND r.body -> 'journal' @> '[{"kind": "experiment"}]')`;

const INHERIT = `-- If only the previous id was in experiments, the user keeps getting its variants.
    UPDATE users u SET memory = u.memory || jsonb_build_object('assignedAs', p.memory -> 'assignedAs')
    FROM users p WHERE u.id = target AND p.id = previous AND u.memory -> 'assignedAs' IS NULL AND p.memory -> 'assignedAs' IS NOT NULL;`;

/**
 * Keeps the variants of experiments when ids merge. The memory says by which id they are assigned (`assignedAs`). Visitors in
 * experiments of an older release get it here, once, because a login gives them another id. Everybody else gets it at their next
 * experiment.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(mergeUser(INHERIT));
  await knex.raw(REMEMBER_VISITORS);
}

/** Restores the function. The ids stay in the memories: releases that do not know them keep them as they are. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(mergeUser(''));
}
