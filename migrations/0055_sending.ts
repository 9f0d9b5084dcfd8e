import type { Knex } from 'knex';

// `provider` is the provider that answered last, or that may have taken the message without an answer. `waits` counts the attempts that
// ended before anything was handed over, because the channel's rate left no room or a switch stopped the message: no failures.
const MESSAGES = 'ALTER TABLE messages ADD COLUMN provider text, ADD COLUMN waits integer NOT NULL DEFAULT 0';

// The rates of channels, which all workers share. `next_at` is when the next message may be sent, `line_at` when the last message that
// was sent away may come back.
const RATES = `
CREATE TABLE channel_rates (
  channel text PRIMARY KEY,
  next_at timestamptz NOT NULL DEFAULT now(),
  line_at timestamptz NOT NULL DEFAULT now()
)`;

// What is stopped: a target is 'all', or a kind and a name such as 'channel:email'.
const SWITCHES = `
CREATE TABLE switches (
  target text PRIMARY KEY,
  mode text NOT NULL CHECK (mode IN ('hold', 'drop')),
  except_transactional boolean NOT NULL,
  reason text NOT NULL,
  set_by text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now()
)`;

// Each change of a switch, for good. A `mode` of null is a resumption.
const SWITCH_CHANGES = `
CREATE TABLE switch_changes (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  target text NOT NULL,
  mode text,
  except_transactional boolean NOT NULL,
  reason text NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
)`;

// The messages that a switch has held. `target` is null once they are released: then the policy is asked again before they are sent.
const STOPPED = `
CREATE TABLE stopped_messages (
  id uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
  target text,
  stopped_at timestamptz NOT NULL DEFAULT now()
)`;
const STOPPED_INDEX = 'CREATE INDEX stopped_messages_by_target ON stopped_messages (target) WHERE target IS NOT NULL';

/** Creates what sending by several providers, at a rate and under switches needs. */
export async function up(knex: Knex): Promise<void> {
  for (const one of [MESSAGES, RATES, SWITCHES, SWITCH_CHANGES, STOPPED, STOPPED_INDEX]) await knex.raw(one);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE stopped_messages, switch_changes, switches, channel_rates');
  await knex.raw('ALTER TABLE messages DROP COLUMN provider, DROP COLUMN waits');
}
