import { isOpen } from '../engine/model/run';
import type { Pool } from 'pg';
import type { Advanced } from '../engine/advance/advance';
import type { JsonObject } from '../engine/model/json';
import { STATE_FORMAT, type Message, type Run, type UserEvent } from '../engine/model/state';
import type { LoadedUser } from './state-load';
import { LEASE_SECONDS } from './claims';
import { claimedAtOnce } from './messages';
import { prepared } from './sql';
import { jsonText } from './storable';

interface SaveValues {
  readonly userId: string;
  readonly loadedVersion: number;
  /** The text of a JSON object, as are `traits`. */
  readonly memory: string;
  readonly stage: string;
  readonly awaiting: readonly string[];
  readonly awaitingVersion: string;
  readonly wakeAt: number | null;
  /** Null when they did not change. */
  readonly traits: string | null;
  readonly stateFormat: number;
  readonly release: number;
  readonly workflowLikelyRunning: boolean;
  /** Ids of events that are no longer pending. */
  readonly seen: readonly string[];
  /** When the last of them was received, epoch milliseconds. It spares the search among all that are pending. */
  readonly seenUntil: number;
  /** The text of a JSON array, as are `messages` and `stageChanges`. */
  readonly runs: string;
  readonly messages: string;
  readonly messageIds: readonly string[];
  readonly leaseSeconds: number;
  readonly cancelledRuns: readonly string[];
  readonly cancelledMessages: readonly string[];
  readonly stageChanges: string;
}

// One round trip saves everything. All parts join the row that `saved` returns, so a user who changed since the load leaves nothing
// written.
const SAVE = prepared<SaveValues>(
  'save-user',
  (param) => `
WITH saved AS (
  -- Empty if the user changed since the load, or was erased.
  UPDATE users SET version = version + 1, memory = ${param.memory}, stage = ${param.stage}, awaiting = ${param.awaiting},
    awaiting_version = ${param.awaitingVersion}, wake_at = ${param.wakeAt}, traits = coalesce(${param.traits}, traits),
    state_format = ${param.stateFormat}, release = ${param.release}, asleep = ${param.workflowLikelyRunning}
  WHERE id = ${param.userId} AND version = ${param.loadedVersion} RETURNING id
), seen_event AS (
  UPDATE events SET pending = false FROM saved WHERE user_id = saved.id AND events.id = ANY(${param.seen}::bigint[])
    AND received_at <= ${param.seenUntil} AND pending
), run AS (
  -- Runs that began or changed. What a run began with never changes.
  INSERT INTO runs (id, user_id, journey, key, status, position, entered_at, ended_at, goal_at, reason, body)
  SELECT r.id, saved.id, r.journey, r.key, r.status, r.position, r.entered_at, r.ended_at, r.goal_at, r.reason, r.body
  FROM saved, jsonb_to_recordset(${param.runs}::jsonb) AS r(
    id uuid, journey text, key text, status text, position text, entered_at bigint, ended_at bigint, goal_at bigint, reason text, body jsonb
  )
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, position = excluded.position, ended_at = excluded.ended_at,
    goal_at = excluded.goal_at, reason = excluded.reason, body = excluded.body
), message AS (
  -- A message that this process delivers itself is written as sending, with a lease, so that no other attempt begins. One that is
  -- only queued is due from now on, so that it is found if its delivery never begins. Of the messages that are stored already, only
  -- held ones are decided again.
  INSERT INTO messages (
    id, user_id, run_id, journey, step, channel, template, status, reason, transactional, data, decided_at, expires_at,
    held_reason, held_for, cause, attempts, lease_until
  )
  SELECT
    m.id, saved.id, m.run_id, m.journey, m.step, m.channel, m.template, m.status, m.reason, m.transactional, m.data, m.decided_at, m.expires_at,
    CASE WHEN m.status = 'held' THEN m.reason END, m.held_for, m.cause, CASE WHEN m.status = 'sending' THEN 1 ELSE 0 END,
    CASE m.status WHEN 'sending' THEN now() + make_interval(secs => ${param.leaseSeconds}) WHEN 'queued' THEN now() END
  FROM saved, jsonb_to_recordset(${param.messages}::jsonb) AS m(
    id uuid, run_id uuid, journey text, step text, channel text, template text, status text, reason text, transactional boolean, data jsonb,
    decided_at bigint, expires_at bigint, held_for text, cause text
  )
  ON CONFLICT (id) DO UPDATE SET channel = excluded.channel, template = excluded.template, status = excluded.status, reason = excluded.reason,
    decided_at = excluded.decided_at, held_reason = coalesce(messages.held_reason, excluded.held_reason),
    held_for = coalesce(messages.held_for, excluded.held_for), cause = excluded.cause, attempts = excluded.attempts,
    lease_until = excluded.lease_until
  WHERE messages.status = 'held'
), withdrawn_message AS (
  -- A statement can write a row only once, so this leaves out the messages above. Their new status already reflects the user's
  -- exit.
  UPDATE messages SET status = 'cancelled',
    reason = CASE WHEN run_id = ANY(${param.cancelledRuns}::uuid[]) THEN 'left the journey' ELSE 'removed from the journey' END
  FROM saved
  WHERE user_id = saved.id AND (run_id = ANY(${param.cancelledRuns}::uuid[]) OR messages.id = ANY(${param.cancelledMessages}::uuid[]))
    AND status IN ('queued', 'held', 'sending', 'retrying') AND messages.id <> ALL (${param.messageIds}::uuid[])
), stage_change AS (
  -- In the order in which the stages changed, which their ids keep.
  INSERT INTO stage_changes (user_id, at, "from", "to", reason)
  SELECT saved.id, s.at, s."from", s."to", s.reason
  FROM saved, ROWS FROM (
    jsonb_to_recordset(${param.stageChanges}::jsonb) AS (at bigint, "from" text, "to" text, reason text)
  ) WITH ORDINALITY AS s(at, "from", "to", reason, n)
  ORDER BY n
  ON CONFLICT DO NOTHING
)
SELECT count(*) AS saved FROM saved`,
);

/**
 * Saves what was decided about a user, all of it or nothing. Characters that PostgreSQL can't store, such as half of an emoji that
 * a journey cut in two, are left out.
 * @param release number of the release that decided
 * @returns false when the user changed since they were loaded: then load and decide again
 */
export async function saveUser(pool: Pool, loaded: LoadedUser, advanced: Advanced, release: number): Promise<boolean> {
  const { state, effects, wakeAt, awaiting, seen, changedRuns } = advanced;
  const traits: JsonObject | null = state.traits === loaded.state.traits ? null : state.traits;
  const save = SAVE({
    userId: state.id,
    loadedVersion: loaded.version,
    memory: jsonText(state.memory),
    stage: state.memory.stage,
    awaiting,
    // While pending events are left for the next load, any event may matter.
    awaitingVersion: state.history.until === undefined ? state.memory.version : '',
    wakeAt,
    traits: traits && jsonText(traits),
    stateFormat: STATE_FORMAT,
    release,
    workflowLikelyRunning: wakeAt !== null || state.runs.some(isOpen),
    seen,
    seenUntil: receivedLast(loaded.state.history.events, seen),
    runs: jsonText(changedRuns.map(runRow)),
    messages: jsonText(messageRows(effects.messages)),
    messageIds: effects.messages.map(({ id }) => id),
    leaseSeconds: LEASE_SECONDS,
    cancelledRuns: effects.cancelledRuns,
    cancelledMessages: effects.cancelledMessages,
    stageChanges: JSON.stringify(effects.stageChanges),
  });
  const { rows } = await pool.query<{ saved: number }>(save);
  return rows[0]?.saved === 1;
}

/** When the last of these events was received, epoch milliseconds; 0 for none. */
function receivedLast(events: readonly UserEvent[], ids: readonly string[]): number {
  const searched = new Set(ids);
  return events.reduce((last, { id, receivedAt }) => (searched.has(id) ? Math.max(last, receivedAt) : last), 0);
}

function runRow(run: Run): Record<string, unknown> {
  const { id, journey, key, status, enteredAt, endedAt, goalAt, reason, journal } = run;
  // The column is called position, but holds the step that the user is in.
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

function messageRows(messages: readonly Message[]): Record<string, unknown>[] {
  const claimed = new Set(claimedAtOnce(messages.filter(({ status }) => status === 'queued')));
  return messages.map((message) => messageRow(message, claimed.has(message)));
}

function messageRow(message: Message, isClaimed: boolean): Record<string, unknown> {
  const { id, runId, journey, step, channel, template, status, hold, cause, reason, transactional, data } = message;
  const { decidedAt, expiresAt } = message;
  return {
    id,
    run_id: runId,
    journey,
    step,
    channel,
    template,
    status: isClaimed ? 'sending' : status,
    reason,
    transactional,
    data,
    decided_at: decidedAt,
    expires_at: expiresAt,
    held_for: hold,
    cause,
  };
}
