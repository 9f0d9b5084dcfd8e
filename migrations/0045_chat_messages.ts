import type { Knex } from 'knex';

// A block concerns those who took part when it was made. Whoever replaces them may be written to.
const BLOCKED = `
CREATE FUNCTION is_blocked(conversation_id bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM chat_participants p JOIN chat_participants o ON o.conversation = p.conversation AND o.n <> p.n
    WHERE p.conversation = conversation_id AND p.left_at IS NULL AND o.left_at IS NULL AND o.n <= p.blocked_n
  )
$$`;

// The conversation is locked, so its messages have an order, and nobody says anything once it is closed or blocked. Nobody else than
// its participants can make others wait for the lock. No participant says more than `most` messages within the time, so the last of
// all participants are among the recent ones.
const SAY = `
CREATE FUNCTION say_in_conversation(
  chat_name text, chat_key text, sender text, message_id uuid, said_phrase text, said_text text, may_say text[], said_at bigint,
  keep_ms bigint, most int, within_ms bigint, most_roles int, sent_event text, received_event text
)
RETURNS TABLE (outcome text, role text, phrase text, "text" text, at bigint, again_at bigint, users text[], events jsonb)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  conv conversations%ROWTYPE;
  own chat_participants%ROWTYPE;
  said chat_messages%ROWTYPE;
  count_recent int;
  first_recent bigint;
BEGIN
  SELECT c.* INTO conv FROM conversations c
  WHERE c.chat = chat_name AND c.key = chat_key AND EXISTS (
    SELECT FROM chat_participants p WHERE p.conversation = c.id AND p.user_id = sender AND p.left_at IS NULL
  )
  FOR UPDATE OF c;
  SELECT p.* INTO own FROM chat_participants p
  WHERE p.conversation = conv.id AND p.user_id = sender AND p.left_at IS NULL AND conv.delete_at > said_at;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'no conversation', NULL, NULL, NULL, NULL::bigint, NULL::bigint, '{}'::text[], '[]'::jsonb;
    RETURN;
  END IF;

  SELECT m.* INTO said FROM chat_messages m WHERE m.conversation = conv.id AND m.id = message_id;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN said.participant = own.n THEN 'repeated' ELSE 'taken' END, own.role, said.phrase, said.text, said.at,
      NULL::bigint, '{}'::text[], '[]'::jsonb;
    RETURN;
  END IF;
  SELECT count(*), min(recent.at) INTO count_recent, first_recent
  FROM (
    SELECT m.participant, m.at FROM chat_messages m WHERE m.conversation = conv.id ORDER BY m.n DESC LIMIT most * most_roles
  ) AS recent
  WHERE recent.participant = own.n AND recent.at > said_at - within_ms;
  IF own.role <> ALL (may_say) OR conv.closed_at IS NOT NULL OR is_blocked(conv.id) OR count_recent >= most THEN
    RETURN QUERY SELECT CASE
      WHEN own.role <> ALL (may_say) THEN 'not allowed' WHEN conv.closed_at IS NOT NULL THEN 'closed'
      WHEN count_recent >= most THEN 'too many' ELSE 'blocked'
    END, own.role, NULL, NULL, NULL::bigint, first_recent + within_ms, '{}'::text[], '[]'::jsonb;
    RETURN;
  END IF;

  UPDATE conversations c SET last_n = c.last_n + 1, active_at = greatest(c.active_at, said_at),
    delete_at = greatest(c.active_at, said_at) + keep_ms
  WHERE c.id = conv.id;
  INSERT INTO chat_messages (conversation, n, id, participant, phrase, text, at)
  VALUES (conv.id, conv.last_n + 1, message_id, own.n, said_phrase, said_text, said_at);
  -- The events are received once this is committed, as those are that journeys track.
  RETURN QUERY WITH tracked AS (
    INSERT INTO tracked_events (id, from_user, user_id, name, at, properties, active)
    SELECT gen_random_uuid(), sender, p.user_id, CASE WHEN p.n = own.n THEN sent_event ELSE received_event END, said_at,
      jsonb_build_object('chat', chat_name, 'key', chat_key, CASE WHEN p.n = own.n THEN 'role' ELSE 'from' END, own.role, 'message', message_id),
      p.n = own.n
    FROM chat_participants p WHERE p.conversation = conv.id AND p.left_at IS NULL
    RETURNING id, user_id, name, at, properties, active
  )
  SELECT 'said', own.role, said_phrase, said_text, said_at, NULL::bigint, array_agg(t.user_id), jsonb_agg(jsonb_build_object(
    'id', t.id, 'userId', t.user_id, 'name', t.name, 'at', t.at, 'properties', t.properties, 'active', t.active
  ))
  FROM tracked t;
END
$$`;

/**
 * Creates the function by which people say something in a conversation, in one round trip. Adds to events on their way to users whether
 * the user did what they say. Those that journeys track only happen to their users, and a process of the release before receives all of
 * them as such.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE tracked_events ADD COLUMN active boolean NOT NULL DEFAULT false');
  await knex.raw(BLOCKED);
  await knex.raw(SAY);
}

/** Drops what `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP FUNCTION say_in_conversation; DROP FUNCTION is_blocked');
  await knex.raw('ALTER TABLE tracked_events DROP COLUMN active');
}
