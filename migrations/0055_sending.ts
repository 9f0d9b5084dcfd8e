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

// Gives the messages of a channel their turns. `returned` were sent away before and come from the line. While others are in line, the
// `fresh` ones go to its end: the time at which the rate will have room for them. If no turn was taken for long, the line is empty.
const TAKE_TURNS = `
CREATE FUNCTION take_turns(
  name text, fresh int, returned int, spacing_ms float8, ahead_ms float8, OUT given int, OUT first_ms float8, OUT line_ms float8
) LANGUAGE plpgsql AS $$
DECLARE
  rate channel_rates%ROWTYPE;
  instant timestamptz;
  spacing interval := make_interval(secs => spacing_ms / 1000);
  ahead interval := make_interval(secs => ahead_ms / 1000);
BEGIN
  INSERT INTO channel_rates (channel) VALUES (name) ON CONFLICT DO NOTHING;
  SELECT r.* INTO rate FROM channel_rates r WHERE r.channel = name FOR UPDATE;
  instant := clock_timestamp();
  IF rate.next_at < instant - greatest(ahead * 3, spacing * 3, interval '5 seconds') THEN rate.line_at := instant; END IF;
  rate.next_at := greatest(rate.next_at, instant);
  first_ms := extract(epoch FROM rate.next_at - instant) * 1000;
  given := least(
    greatest(0, floor((ahead_ms - first_ms) / spacing_ms)::int + 1),
    CASE WHEN rate.line_at > instant + ahead THEN returned ELSE returned + fresh END
  );
  rate.next_at := rate.next_at + given * spacing;
  rate.line_at := greatest(rate.line_at, rate.next_at);
  line_ms := extract(epoch FROM rate.line_at - instant) * 1000;
  rate.line_at := rate.line_at + (fresh - greatest(0, given - returned)) * spacing;
  UPDATE channel_rates r SET next_at = rate.next_at, line_at = rate.line_at WHERE r.channel = name;
END $$`;

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
  for (const one of [MESSAGES, RATES, TAKE_TURNS, SWITCHES, SWITCH_CHANGES, STOPPED, STOPPED_INDEX])
    await knex.raw(one);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP FUNCTION take_turns');
  await knex.raw('DROP TABLE stopped_messages, switch_changes, switches, channel_rates');
  await knex.raw('ALTER TABLE messages DROP COLUMN provider, DROP COLUMN waits');
}
