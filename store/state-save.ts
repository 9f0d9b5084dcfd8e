import { isOpen } from '../engine/model/run';
import type { Pool } from 'pg';
import type { Advanced } from '../engine/advance/advance';
import type { JsonObject } from '../engine/model/json';
import { STATE_FORMAT, type Message, type Run } from '../engine/model/state';
import type { LoadedUser } from './state-load';
import { LEASE_SECONDS } from './messages';
import { jsonText } from './storable';

// One round trip saves everything, and only if nobody changed the user since: then nothing at all is written.
// Messages to be delivered by this very process are written as `sending` with a lease, so that no other attempt begins.
// A row can be written once in a statement: `withdrawn` leaves alone what `said` says anew, which knows who has left.
const SAVE = `
WITH saved AS (
  UPDATE users SET version = version + 1, memory = $3, stage = $4, awaiting = $5, awaiting_version = $6, wake_at = $7,
    traits = coalesce($8, traits), state_format = $9, release = $10, asleep = $19
  WHERE id = $1 AND version = $2 RETURNING id
), seen AS (
  UPDATE events SET pending = false FROM saved WHERE user_id = saved.id AND events.id = ANY($11::bigint[]) AND pending
), ran AS (
  INSERT INTO runs (id, user_id, journey, key, status, position, entered_at, ended_at, goal_at, reason, body)
  SELECT r.id, saved.id, r.journey, r.key, r.status, r.position, r.entered_at, r.ended_at, r.goal_at, r.reason, r.body
  FROM saved, jsonb_to_recordset($12::jsonb) AS r(id uuid, journey text, key text, status text, position text, entered_at bigint, ended_at bigint, goal_at bigint, reason text, body jsonb)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, position = excluded.position, ended_at = excluded.ended_at,
    goal_at = excluded.goal_at, reason = excluded.reason, body = excluded.body
), said AS (
  INSERT INTO messages (id, user_id, run_id, journey, step, channel, template, status, reason, transactional, data, decided_at, expires_at, held_reason, attempts, lease_until)
  SELECT m.id, saved.id, m.run_id, m.journey, m.step, m.channel, m.template, m.status, m.reason, m.transactional, m.data, m.decided_at, m.expires_at,
    CASE WHEN m.status = 'held' THEN m.reason END, CASE WHEN m.status = 'sending' THEN 1 ELSE 0 END,
    CASE WHEN m.status = 'sending' THEN now() + make_interval(secs => $15) END
  FROM saved, jsonb_to_recordset($13::jsonb) AS m(id uuid, run_id uuid, journey text, step text, channel text, template text, status text, reason text, transactional boolean, data jsonb, decided_at bigint, expires_at bigint)
  ON CONFLICT (id) DO UPDATE SET channel = excluded.channel, template = excluded.template, status = excluded.status, reason = excluded.reason,
    decided_at = excluded.decided_at, held_reason = coalesce(messages.held_reason, excluded.held_reason), attempts = excluded.attempts, lease_until = excluded.lease_until
  WHERE messages.status = 'held'
), withdrawn AS (
  UPDATE messages SET status = 'cancelled',
    reason = CASE WHEN run_id = ANY($14::uuid[]) THEN 'left the journey' ELSE 'removed from the journey' END
  FROM saved
  WHERE user_id = saved.id AND (run_id = ANY($14::uuid[]) OR messages.id = ANY($17::uuid[])) AND status IN ('queued', 'held', 'sending', 'retrying')
    AND messages.id <> ALL ($18::uuid[])
), moved AS (
  INSERT INTO stage_changes (user_id, at, "from", "to", reason)
  SELECT saved.id, s.at, s."from", s."to", s.reason
  FROM saved, ROWS FROM (jsonb_to_recordset($16::jsonb) AS (at bigint, "from" text, "to" text, reason text)) WITH ORDINALITY AS s(at, "from", "to", reason, n)
  ORDER BY n
  ON CONFLICT DO NOTHING
)
SELECT count(*) AS saved FROM saved`;

/**
 * Saves what was decided, all or nothing; false when the user changed since it was loaded: load and decide again. What journeys
 * make of their facts may hold characters PostgreSQL can't store, such as half an emoji that was cut: those are left out.
 */
export async function saveUser(pool: Pool, loaded: LoadedUser, advanced: Advanced, release: number): Promise<boolean> {
  const { state, effects, wakeAt, awaiting, seen, changedRuns } = advanced;
  const traits: JsonObject | null = state.traits === loaded.state.traits ? null : state.traits;
  const { rows } = await pool.query<{ saved: number }>({
    name: 'save-user',
    text: SAVE,
    values: [
      state.id,
      loaded.version,
      jsonText(state.memory),
      state.memory.stage,
      awaiting,
      // While more is pending than was looked at, anything that comes may matter.
      state.history.until === undefined ? state.memory.version : '',
      wakeAt,
      traits && jsonText(traits),
      STATE_FORMAT,
      release,
      seen,
      jsonText(changedRuns.map(runRow)),
      jsonText(effects.messages.map(messageRow)),
      effects.cancelledRuns,
      LEASE_SECONDS,
      JSON.stringify(effects.stageChanges),
      effects.cancelledMessages,
      effects.messages.map(({ id }) => id),
      wakeAt !== null || state.runs.some(isOpen),
    ],
  });
  return rows[0]?.saved === 1;
}

function runRow(run: Run): Record<string, unknown> {
  const { id, journey, key, status, enteredAt, endedAt, goalAt, reason, journal } = run;
  const position = isOpen(run) ? (journal.at(-1)?.step ?? null) : null;
  return {
    id,
    journey,
    key,
    status,
    position,
    entered_at: enteredAt,
    ended_at: endedAt,
    goal_at: goalAt,
    reason,
    body: run,
  };
}

function messageRow(message: Message): Record<string, unknown> {
  const { id, runId, journey, step, channel, template, status, reason, transactional, data, decidedAt, expiresAt } =
    message;
  return {
    id,
    run_id: runId,
    journey,
    step,
    channel,
    template,
    status: status === 'queued' ? 'sending' : status,
    reason,
    transactional,
    data,
    decided_at: decidedAt,
    expires_at: expiresAt,
  };
}
