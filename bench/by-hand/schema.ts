/** The tables of a side written by hand. They have the same rows as ours, as far as the journey needs them, and only the indexes it uses. */
export const SCHEMA = `
CREATE TABLE users (
  id text PRIMARY KEY,
  traits jsonb NOT NULL DEFAULT '{}',
  created_at bigint NOT NULL,
  last_seen_at bigint NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY,
  user_id text NOT NULL,
  message_id text NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  at bigint NOT NULL,
  received_at bigint NOT NULL,
  properties jsonb NOT NULL,
  PRIMARY KEY (user_id, message_id)
);
CREATE INDEX events_by_name ON events (user_id, name, at);

CREATE TABLE runs (
  id uuid PRIMARY KEY,
  user_id text NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE,
  status text NOT NULL,
  position text,
  entered_at bigint NOT NULL,
  ended_at bigint
) WITH (fillfactor = 80);

CREATE TABLE messages (
  id uuid PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  run_id uuid NOT NULL,
  step text NOT NULL,
  channel text NOT NULL,
  template text NOT NULL,
  status text NOT NULL,
  decided_at bigint NOT NULL,
  sent_at bigint,
  provider_id text
) WITH (fillfactor = 80);
CREATE INDEX messages_by_user ON messages (user_id, decided_at);
`;
