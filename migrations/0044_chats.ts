import type { Knex } from 'knex';
import { MERGE_IDS as BEFORE } from './0043_poll_votes';

// `changed_at` is when it was last opened or closed, so that a late repetition changes nothing. `last_n` is the number of the last
// message: whoever writes locks the row, so messages have an order.
const CONVERSATIONS = `
CREATE TABLE conversations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chat text NOT NULL,
  key text NOT NULL,
  changed_at bigint NOT NULL,
  closed_at bigint,
  active_at bigint NOT NULL,
  delete_at bigint NOT NULL,
  last_n int NOT NULL DEFAULT 0,
  UNIQUE (chat, key)
) WITH (fillfactor = 70)`;

// A person who leaves keeps their row, by which their messages are found. `from_n` is the number of the last message before they
// came. `blocked_n` is the number of the last participant whom the person has blocked. `shown_until` is when the app of the person
// stops showing the conversation; the largest number while it is open.
const PARTICIPANTS = `
CREATE TABLE chat_participants (
  conversation bigint NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  n int NOT NULL,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role text NOT NULL,
  name text NOT NULL,
  from_n int NOT NULL,
  seen_n int NOT NULL DEFAULT 0,
  blocked_n int,
  left_at bigint,
  shown_until bigint NOT NULL,
  PRIMARY KEY (conversation, n)
)`;

const MESSAGES = `
CREATE TABLE chat_messages (
  conversation bigint NOT NULL,
  n int NOT NULL,
  id uuid NOT NULL,
  participant int NOT NULL,
  phrase text,
  text text,
  at bigint NOT NULL,
  PRIMARY KEY (conversation, n),
  UNIQUE (conversation, id),
  FOREIGN KEY (conversation, participant) REFERENCES chat_participants (conversation, n) ON DELETE CASCADE,
  CHECK ((phrase IS NULL) <> (text IS NULL))
)`;

// `message_n` is 0 if the report is about no message.
const REPORTS = `
CREATE TABLE chat_reports (
  conversation bigint NOT NULL,
  participant int NOT NULL,
  message_n int NOT NULL,
  role text NOT NULL,
  reason text,
  at bigint NOT NULL,
  PRIMARY KEY (conversation, participant, message_n),
  FOREIGN KEY (conversation, participant) REFERENCES chat_participants (conversation, n) ON DELETE CASCADE
)`;

// An earlier release that erases a user during a deployment knows nothing of conversations.
const DELETE_WITH_PARTICIPANT = `
CREATE FUNCTION delete_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM conversations c WHERE c.id = OLD.conversation;
  RETURN NULL;
END
$$;
CREATE TRIGGER delete_conversation AFTER DELETE ON chat_participants FOR EACH ROW
WHEN (OLD.left_at IS NULL) EXECUTE FUNCTION delete_conversation()`;

/** How long the app shows a conversation that is closed, in milliseconds. */
const SHOWN_MS = 86_400_000;
/** SQL: when the app stops showing a conversation that is open. */
const NEVER = '9007199254740991';

// Users are locked first, in the order of their ids, so that nobody comes in who is merged or erased at the same time. An id that is
// merged while this waits is looked up again. An id that nobody has been heard of under becomes known, as by an event: `last_seen_at`
// is that of a user without any event.
const OPEN = `
CREATE FUNCTION open_conversation(
  chat_name text, chat_key text, given_ids text[], given_roles text[], given_names text[], opened_at bigint, keep_ms bigint
)
RETURNS TABLE (outcome text, users text[]) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  ids text[];
  former text[];
  known text[];
  conv conversations%ROWTYPE;
BEGIN
  LOOP
    ids := ARRAY(
      SELECT coalesce(a.user_id, given.id) FROM unnest(given_ids) WITH ORDINALITY AS given (id, place)
        LEFT JOIN aliases a ON a.previous_id = given.id ORDER BY given.place
    );
    INSERT INTO users (id, created_at, last_seen_at) SELECT DISTINCT one.id, opened_at, 0 FROM unnest(ids) AS one (id) ORDER BY one.id
    ON CONFLICT DO NOTHING;
    known := ARRAY(SELECT u.id FROM users u WHERE u.id = ANY (ids) ORDER BY u.id FOR NO KEY UPDATE);
    EXIT WHEN known @> ids;
  END LOOP;
  IF cardinality(known) < cardinality(ids) THEN
    RETURN QUERY SELECT 'same user', known;
    RETURN;
  END IF;

  -- One whose time is over may be there still.
  DELETE FROM conversations c WHERE c.chat = chat_name AND c.key = chat_key AND c.delete_at <= opened_at;
  INSERT INTO conversations AS c (chat, key, changed_at, active_at, delete_at)
  VALUES (chat_name, chat_key, opened_at, opened_at, opened_at + keep_ms)
  ON CONFLICT (chat, key) DO UPDATE SET changed_at = greatest(c.changed_at, opened_at)
  RETURNING * INTO conv;
  -- It was opened or closed later already: this is a late repetition.
  IF conv.changed_at > opened_at THEN
    RETURN QUERY SELECT 'superseded', '{}'::text[];
    RETURN;
  END IF;
  UPDATE conversations c SET closed_at = NULL, active_at = greatest(c.active_at, opened_at),
    delete_at = greatest(c.active_at, opened_at) + keep_ms
  WHERE c.id = conv.id;

  former := ARRAY(SELECT p.user_id FROM chat_participants p WHERE p.conversation = conv.id AND p.left_at IS NULL);
  UPDATE chat_participants p SET left_at = opened_at, shown_until = 0
  WHERE p.conversation = conv.id AND p.left_at IS NULL AND NOT EXISTS (
    SELECT FROM unnest(ids, given_roles) AS one (id, role) WHERE one.id = p.user_id AND one.role = p.role
  );
  UPDATE chat_participants p SET name = one.name, shown_until = ${NEVER}
  FROM unnest(ids, given_names) AS one (id, name)
  WHERE p.conversation = conv.id AND p.left_at IS NULL AND p.user_id = one.id;
  INSERT INTO chat_participants (conversation, n, user_id, role, name, from_n, seen_n, shown_until)
  SELECT conv.id, one.place + (SELECT coalesce(max(p.n), 0) FROM chat_participants p WHERE p.conversation = conv.id),
    one.id, one.role, one.name, conv.last_n, conv.last_n, ${NEVER}
  FROM unnest(ids, given_roles, given_names) WITH ORDINALITY AS one (id, role, name, place)
  WHERE NOT EXISTS (
    SELECT FROM chat_participants p WHERE p.conversation = conv.id AND p.left_at IS NULL AND p.user_id = one.id
  );
  RETURN QUERY SELECT 'opened', ARRAY(SELECT unnest(former) UNION SELECT unnest(ids));
END
$$`;

const CLOSE = `
CREATE FUNCTION close_conversation(chat_name text, chat_key text, at bigint, keep_ms bigint)
RETURNS TABLE (outcome text, users text[]) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  conv conversations%ROWTYPE;
BEGIN
  SELECT * INTO conv FROM conversations c WHERE c.chat = chat_name AND c.key = chat_key AND c.delete_at > at
  FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'no conversation', '{}'::text[];
  ELSIF conv.changed_at > at THEN
    RETURN QUERY SELECT 'superseded', '{}'::text[];
  ELSIF conv.closed_at IS NOT NULL THEN
    RETURN QUERY SELECT 'closed', '{}'::text[];
  ELSE
    UPDATE conversations c SET changed_at = at, closed_at = at, active_at = greatest(c.active_at, at), delete_at = at + keep_ms
    WHERE c.id = conv.id;
    RETURN QUERY WITH shown AS (
      UPDATE chat_participants p SET shown_until = at + ${SHOWN_MS} WHERE p.conversation = conv.id AND p.left_at IS NULL
      RETURNING p.user_id
    )
    SELECT 'closed', ARRAY(SELECT shown.user_id FROM shown);
  END IF;
END
$$`;

/** The statement of a merge before which participations move. */
const PUSH = '  UPDATE push_subscriptions s SET user_id = m.root';
const MOVE_PARTICIPANTS = `  -- A person takes part in a conversation once: of several ids, as the user's own id does, or else as the first member does.
  UPDATE chat_participants p SET left_at = merged_at, shown_until = 0 FROM (
    SELECT p.conversation, p.n, row_number() OVER (PARTITION BY m.root, p.conversation ORDER BY m.rank) AS place
    FROM unnest(members, roots, ranks) AS m (member, root, rank) JOIN chat_participants p ON p.user_id = m.member
    WHERE p.left_at IS NULL
  ) AS copy
  WHERE p.conversation = copy.conversation AND p.n = copy.n AND copy.place > 1;
  UPDATE chat_participants p SET user_id = m.root
  FROM unnest(members, roots, ranks) AS m (member, root, rank) WHERE p.user_id = m.member AND m.rank > 0;
`;

/** The text of the function that merges users. */
export const MERGE_IDS = BEFORE.replace(PUSH, MOVE_PARTICIPANTS + PUSH);

/**
 * Creates conversations, the people who take part in them, their messages and reports. Each row goes with its conversation, and a
 * conversation goes with each of its participants. Two functions open and close conversations, so that this is one round trip within
 * or without a transaction. `merge_ids` moves participations; everything else in it stays as it was.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(CONVERSATIONS);
  await knex.raw('CREATE INDEX conversations_delete_at ON conversations (delete_at)');
  await knex.raw(PARTICIPANTS);
  await knex.raw('CREATE INDEX chat_participants_shown ON chat_participants (user_id, shown_until)');
  await knex.raw(
    'CREATE UNIQUE INDEX chat_participants_role ON chat_participants (conversation, role) WHERE left_at IS NULL',
  );
  await knex.raw(
    'CREATE UNIQUE INDEX chat_participants_user ON chat_participants (conversation, user_id) WHERE left_at IS NULL',
  );
  await knex.raw(MESSAGES);
  // A participant who is deleted takes their messages along. Without it, each participant would cost a look at all of the conversation.
  await knex.raw('CREATE INDEX chat_messages_participant ON chat_messages (conversation, participant)');
  await knex.raw(REPORTS);
  await knex.raw(DELETE_WITH_PARTICIPANT);
  await knex.raw(OPEN);
  await knex.raw(CLOSE);
  await knex.raw(MERGE_IDS);
}

/** Drops the conversations, and restores the former merge. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(BEFORE);
  await knex.raw('DROP FUNCTION open_conversation; DROP FUNCTION close_conversation');
  await knex.raw('DROP TABLE chat_reports, chat_messages, chat_participants, conversations');
  await knex.raw('DROP FUNCTION delete_conversation');
}
