import { nextForgotten } from '../engine/model/forgetting';
import type { Pool } from 'pg';
import type { Advanced } from '../engine/advance/advance';
import { isOpen } from '../engine/model/run';
import { STATE_FORMAT, type Message, type Run, type UserEvent } from '../engine/model/state';
import type { ChatChange } from '../engine/model/chat-change';
import type { TrackedEvent } from '../engine/model/tracked';
import { retryOnConflict } from './conflict';
import { closeChat, openChat, type Changed } from './conversations';
import type { LoadedUser } from './state-load';
import { SAVE, SAVE_ALL, SAVE_TOGETHER, SAVE_TRACKING, type TrackingRow, type UserRow } from './state-save-sql';
import { Gatherer, remembered } from './gatherer';
import { announceInApp } from './in-app-announcements';
import { claimedAtOnce } from './messages';
import { isSeenInApp } from './seen-in-app';
import { jsonText } from './storable';
import { inTransaction } from './transaction';

const gathererOf = remembered(
  (pool: Pool) =>
    new Gatherer<UserRow, boolean>({
      alone: (row) => saveAlone(pool, row),
      together: (rows) => saveTogether(pool, rows),
    }),
);

/** A user with more characters to save than this is saved alone, so that nobody waits for them. */
const LARGE = 20_000;

/**
 * Saves what was decided about a user, all of it or nothing. Users who are saved at the same time share a statement. Characters that
 * PostgreSQL can't store, such as half of an emoji that a journey cut in two, are left out.
 * @param release number of the release that decided
 * @returns false when the user changed since they were loaded: then load and decide again
 */
export async function saveUser(pool: Pool, loaded: LoadedUser, advanced: Advanced, release: number): Promise<boolean> {
  const isSaved = await save(pool, loaded, advanced, release);
  if (isSaved && isSeenInApp(loaded.state, advanced)) announceInApp(pool, [loaded.state.id]);
  return isSaved;
}

async function save(pool: Pool, loaded: LoadedUser, advanced: Advanced, release: number): Promise<boolean> {
  const row = userRow(loaded, advanced, release);
  const { tracked, chats } = advanced.effects;
  const consent = consentOf(loaded, advanced);
  const tracking = { ...row, consent, tracked: jsonText(tracked.map(trackedRow)) };
  if (chats.length > 0) return saveWithChats(pool, tracking, chats);
  if (tracked.length > 0 || consent !== null) return saveTracking(pool, tracking);
  const large = row.memory.length + row.runs.length + row.messages.length + (row.traits?.length ?? 0) > LARGE;
  return large || withdraws(row) ? saveAlone(pool, row) : gathererOf(pool).ask(row);
}

async function saveAlone(pool: Pool, row: UserRow): Promise<boolean> {
  const save = withdraws(row) || row.stage_changes !== '[]' ? SAVE_ALL : SAVE;
  const { rowCount } = await pool.query(save(row));
  return rowCount === 1;
}

async function saveTracking(db: Pick<Pool, 'query'>, row: TrackingRow): Promise<boolean> {
  const { rowCount } = await db.query(SAVE_TRACKING(row));
  return rowCount === 1;
}

/** Saves a user, and carries out in the same transaction what their journeys change of conversations. */
async function saveWithChats(pool: Pool, row: TrackingRow, changes: readonly ChatChange[]): Promise<boolean> {
  const users = await retryOnConflict(() =>
    inTransaction(pool, async (client) => {
      const changed: string[] = [];
      // It locks the people of a conversation in order. If it came after the save, two who open one with each other would wait for
      // each other.
      for (const change of changes) changed.push(...(await changeChat(client, change)).users);
      return (await saveTracking(client, row)) ? changed : null;
    }),
  );
  if (users === null) return false;
  announceInApp(pool, users);
  return true;
}

function changeChat(client: Pick<Pool, 'query'>, change: ChatChange): Promise<Changed<string>> {
  const { chat, key, at, keepMs, participants } = change;
  return participants === null
    ? closeChat(client, { chat, key, at, keepMs })
    : openChat(client, { chat, key, at, keepMs, participants });
}

/** The user's consent as text; null when the engine did not change it. */
function consentOf({ state: before }: LoadedUser, { state: after }: Advanced): string | null {
  return after.reach.consent === before.reach.consent ? null : jsonText(after.reach.consent);
}

function trackedRow({ id, userId, name, at, properties, forgetAt }: TrackedEvent): Record<string, unknown> {
  return { id, user_id: userId, name, at, properties, forget_at: forgetAt };
}

function withdraws({ cancelled_runs, cancelled_messages }: UserRow): boolean {
  return cancelled_runs.length > 0 || cancelled_messages.length > 0;
}

/** A user who is not saved may only be locked, so the save is repeated alone. So is the second of two saves of the same user. */
async function saveTogether(pool: Pool, rows: readonly UserRow[]): Promise<(true | undefined)[]> {
  const first = new Map([...rows].reverse().map((row) => [row.id, row]));
  const users = `[${[...first.values()].map(textOf).join()}]`;
  const { rows: saved } = await pool.query<{ id: string }>(SAVE_TOGETHER({ users, count: first.size }));
  const ids = new Set(saved.map(({ id }) => id));
  return rows.map((row) => (first.get(row.id) === row && ids.has(row.id)) || undefined);
}

/** A row as the text of a JSON object. */
function textOf({ memory, traits, runs, messages, stage_changes, ...rest }: UserRow): string {
  const texts = { memory, traits, runs, messages, stage_changes };
  const entries = Object.entries(texts).map(([name, text]) => `"${name}":${text}`);
  return `{${entries.join()},${jsonText(rest).slice(1)}`;
}

function userRow(loaded: LoadedUser, advanced: Advanced, release: number): UserRow {
  const { state, effects, wakeAt, awaiting, awaitingExactly, seen, changedRuns } = advanced;
  return {
    id: state.id,
    loaded_version: loaded.version,
    memory: jsonText(state.memory),
    stage: state.memory.stage,
    awaiting,
    awaiting_exactly: awaitingExactly,
    // While pending events are left for the next load, any event may matter.
    awaiting_version: state.history.until === undefined ? state.memory.version : '',
    wake_at: wakeAt,
    traits: state.traits === loaded.state.traits ? null : jsonText(state.traits),
    state_format: STATE_FORMAT,
    release,
    workflow_likely_running: wakeAt !== null || state.runs.some(isOpen),
    seen,
    seen_until: receivedLast(loaded.state.history.events, seen),
    runs: jsonText(changedRuns.map(runRow)),
    messages: jsonText(messageRows(effects.messages)),
    message_ids: effects.messages.map(({ id }) => id),
    cancelled_runs: effects.cancelledRuns,
    cancelled_messages: effects.cancelledMessages,
    stage_changes: jsonText(effects.stageChanges),
  };
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
    forget_next: nextForgotten(run),
  };
}

function messageRows(messages: readonly Message[]): Record<string, unknown>[] {
  const claimed = new Set(claimedAtOnce(messages.filter(({ status }) => status === 'queued')));
  return messages.map((message) => messageRow(message, claimed.has(message)));
}

function messageRow(message: Message, isClaimed: boolean): Record<string, unknown> {
  const { id, runId, journey, step, channel, template, status, hold, cause, reason, transactional, data, card } =
    message;
  const { decidedAt, expiresAt, whileInside, forgetAt, topic } = message;
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
    card,
    while_inside: whileInside,
    decided_at: decidedAt,
    expires_at: expiresAt,
    held_for: hold,
    cause,
    topic,
    ...(forgetAt && { forget_next: Math.min(...Object.values(forgetAt)) }),
  };
}
