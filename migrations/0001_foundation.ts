import type { Knex } from 'knex';

const UP = `
CREATE TABLE users (
  id text PRIMARY KEY,
  version bigint NOT NULL DEFAULT 1,
  state_format int NOT NULL DEFAULT 0,
  release bigint NOT NULL DEFAULT 0,
  traits jsonb NOT NULL DEFAULT '{}',
  consent jsonb NOT NULL DEFAULT '{}',
  created_at bigint NOT NULL,
  last_seen_at bigint NOT NULL,
  stage text NOT NULL DEFAULT '',
  memory jsonb,
  awaiting text[] NOT NULL DEFAULT '{}',
  awaiting_version text NOT NULL DEFAULT '',
  wake_at bigint,
  relayed_at bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
CREATE INDEX users_wake ON users (wake_at) WHERE wake_at IS NOT NULL;

CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY,
  user_id text NOT NULL,
  message_id text NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  at bigint NOT NULL,
  received_at bigint NOT NULL,
  properties jsonb NOT NULL,
  pending boolean NOT NULL,
  PRIMARY KEY (user_id, message_id)
);
CREATE INDEX events_by_name ON events (user_id, name, at);
CREATE INDEX events_pending ON events (user_id, id) WHERE pending;

CREATE TABLE runs (
  id uuid PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  journey text NOT NULL,
  key text,
  status text NOT NULL,
  position text,
  entered_at bigint NOT NULL,
  ended_at bigint,
  goal_at bigint,
  reason text NOT NULL DEFAULT '',
  body jsonb NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX runs_open ON runs (user_id) WHERE status IN ('active', 'failed');
CREATE INDEX runs_by_user ON runs (user_id, journey, key);
CREATE INDEX runs_by_journey ON runs (journey, status, position);

CREATE TABLE messages (
  id uuid PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  run_id uuid,
  journey text NOT NULL,
  step text NOT NULL,
  channel text NOT NULL,
  template text NOT NULL,
  status text NOT NULL,
  reason text NOT NULL DEFAULT '',
  transactional boolean NOT NULL,
  data jsonb NOT NULL,
  decided_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  held_reason text,
  attempts int NOT NULL DEFAULT 0,
  lease_until timestamptz,
  last_error text,
  provider_id text,
  sent_at bigint,
  seen_at bigint,
  clicked_at bigint,
  dismissed_at bigint
) WITH (fillfactor = 80);
CREATE INDEX messages_by_user ON messages (user_id, decided_at);
CREATE INDEX messages_open ON messages (user_id) WHERE status IN ('queued', 'sending', 'retrying');

CREATE TABLE stage_changes (
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  at bigint NOT NULL,
  "from" text NOT NULL,
  "to" text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (user_id, at, "to")
);

CREATE TABLE push_subscriptions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  endpoint text NOT NULL UNIQUE,
  keys jsonb NOT NULL,
  created_at bigint NOT NULL
);
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id);

CREATE TABLE aliases (
  previous_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE
);

CREATE TABLE settings (
  name text PRIMARY KEY,
  value jsonb NOT NULL
);

CREATE TABLE releases (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE erasures (
  user_id text PRIMARY KEY,
  requested_at timestamptz NOT NULL DEFAULT now()
);
`;

/** Creates the first schema. Times of the journey clock are bigint, in epoch milliseconds; leases and bookkeeping use real time. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(UP);
}

/** Drops everything that `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'DROP TABLE erasures, releases, settings, aliases, push_subscriptions, stage_changes, messages, runs, events, users CASCADE',
  );
}
