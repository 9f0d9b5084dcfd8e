import { LEASE_SECONDS } from './claims';
import { prepared, type Placeholders } from './sql';

/** What is saved of a user, by the names of the columns that the statements give it. */
export interface UserRow {
  readonly id: string;
  readonly loaded_version: number;
  /** The text of a JSON object, as are `traits`. */
  readonly memory: string;
  readonly stage: string;
  readonly awaiting: readonly string[];
  readonly awaiting_exactly: readonly string[] | null;
  readonly awaiting_version: string;
  readonly wake_at: number | null;
  /** Null when they did not change. */
  readonly traits: string | null;
  readonly state_format: number;
  readonly release: number;
  readonly workflow_likely_running: boolean;
  /** Ids of events that are no longer pending. */
  readonly seen: readonly string[];
  /** When the last of them was received, epoch milliseconds. It spares the search among all that are pending. */
  readonly seen_until: number;
  /** The text of a JSON array, as are `messages` and `stage_changes`. */
  readonly runs: string;
  readonly messages: string;
  readonly message_ids: readonly string[];
  readonly cancelled_runs: readonly string[];
  readonly cancelled_messages: readonly string[];
  readonly stage_changes: string;
}

/** The type of each column in the database. */
const COLUMNS = {
  id: 'text',
  loaded_version: 'bigint',
  memory: 'jsonb',
  stage: 'text',
  awaiting: 'text[]',
  awaiting_exactly: 'text[]',
  awaiting_version: 'text',
  wake_at: 'bigint',
  traits: 'jsonb',
  state_format: 'int',
  release: 'bigint',
  workflow_likely_running: 'boolean',
  seen: 'bigint[]',
  seen_until: 'bigint',
  runs: 'jsonb',
  messages: 'jsonb',
  message_ids: 'uuid[]',
  cancelled_runs: 'uuid[]',
  cancelled_messages: 'uuid[]',
  stage_changes: 'jsonb',
} as const satisfies Record<keyof UserRow, string>;

/** Returns SQL for a value of a row. */
type Value = (name: keyof UserRow) => string;

/** Returns SQL for a part of the statement, as a query with a name. */
type Part = (value: Value) => string;

/** SQL: the messages that an exit or an edit takes back. */
const withdrawn: Part = (value) => `withdrawn_message AS (
  -- A statement can write a row only once, so this leaves out the messages above. Their new status already reflects the user's
  -- exit.
  UPDATE messages SET status = 'cancelled',
    reason = CASE WHEN run_id = ANY(${value('cancelled_runs')}) THEN 'left the journey' ELSE 'removed from the journey' END
  FROM saved
  WHERE user_id = saved.id AND (run_id = ANY(${value('cancelled_runs')}) OR messages.id = ANY(${value('cancelled_messages')}))
    AND status IN ('queued', 'held', 'sending', 'retrying') AND messages.id <> ALL (${value('message_ids')})
)`;

/** SQL: the changes of stage. */
const stageChanges: Part = (value) => `stage_change AS (
  -- In the order in which the stages changed, which their ids keep.
  INSERT INTO stage_changes (user_id, at, "from", "to", reason)
  SELECT saved.id, s.at, s."from", s."to", s.reason
  FROM saved, ROWS FROM (
    jsonb_to_recordset(${value('stage_changes')}) AS (at bigint, "from" text, "to" text, reason text)
  ) WITH ORDINALITY AS s(at, "from", "to", reason, n)
  ORDER BY saved.id, n
  ON CONFLICT DO NOTHING
)`;

/**
 * SQL: the events that journeys have tracked. They are received once this is committed.
 * @param events SQL: a JSON array
 */
const trackedEvents = (events: string): string => `tracked_event AS (
  INSERT INTO tracked_events (id, from_user, user_id, name, at, properties, forget_at)
  SELECT t.id, saved.id, t.user_id, t.name, t.at, t.properties, t.forget_at
  FROM saved, jsonb_to_recordset(${events}) AS t(id uuid, user_id text, name text, at bigint, properties jsonb, forget_at jsonb)
  ON CONFLICT DO NOTHING
)`;

/** Where the values of the rows come from. */
interface Source {
  /** SQL: queries before all others, each with a comma after it. */
  readonly before: string;
  /** SQL: a table that the update of users joins. */
  readonly from: string;
  /** Returns SQL for a value in that update. */
  readonly given: Value;
  /** SQL: what that update sets besides. */
  readonly sets: string;
  /** SQL: what that update returns besides the id. */
  readonly returned: string;
  /** Returns SQL for a value in all other parts. */
  readonly saved: Value;
}

/**
 * SQL: saves users, each of them all or nothing. All parts join the rows that `saved` returns, so a user who changed since the load
 * leaves nothing written.
 * @param parts what is seldom needed. A statement takes longer for each part, also if it has nothing to do
 */
const saving = ({ before, from, given, sets, returned, saved: value }: Source, parts: readonly Part[]): string => `
WITH ${before}saved AS (
  -- Without users who changed since the load, or were erased.
  UPDATE users u SET version = u.version + 1, memory = ${given('memory')}, stage = ${given('stage')}, awaiting = ${given('awaiting')},
    awaiting_exactly = ${given('awaiting_exactly')}, awaiting_version = ${given('awaiting_version')}, wake_at = ${given('wake_at')}, traits = coalesce(${given('traits')}, u.traits),
    state_format = ${given('state_format')}, release = ${given('release')}, asleep = ${given('workflow_likely_running')}${sets}
  ${from} WHERE u.id = ${given('id')} AND u.version = ${given('loaded_version')} RETURNING u.id${returned}
), seen_event AS (
  -- The fence of OFFSET has the events of each user looked up by index. As a plain join, the planner reads all that are pending, of
  -- whomever, because it expects next to none. The update then finds them by the primary key.
  UPDATE events SET pending = false FROM saved CROSS JOIN LATERAL (
    SELECT e.message_id FROM events e WHERE e.user_id = saved.id AND e.id = ANY(${value('seen')})
      AND e.received_at <= ${value('seen_until')} AND e.pending OFFSET 0
  ) seen WHERE events.user_id = saved.id AND events.message_id = seen.message_id
), run AS (
  -- Runs that began or changed. What a run began with never changes.
  INSERT INTO runs (id, user_id, journey, key, status, position, entered_at, ended_at, goal_at, reason, body, forget_next)
  SELECT r.id, saved.id, r.journey, r.key, r.status, r.position, r.entered_at, r.ended_at, r.goal_at, r.reason, r.body, r.forget_next
  FROM saved, jsonb_to_recordset(${value('runs')}) AS r(
    id uuid, journey text, key text, status text, position text, entered_at bigint, ended_at bigint, goal_at bigint, reason text, body jsonb,
    forget_next bigint
  )
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, position = excluded.position, ended_at = excluded.ended_at,
    goal_at = excluded.goal_at, reason = excluded.reason, body = excluded.body, forget_next = excluded.forget_next
), message AS (
  -- A message that this process delivers itself is written as sending, with a lease, so that no other attempt begins. One that is
  -- only queued is due from now on, so that it is found if its delivery never begins. Of the messages that are stored already, only
  -- held ones are decided again.
  INSERT INTO messages (
    id, user_id, run_id, journey, step, channel, template, status, reason, transactional, data, card, while_inside, decided_at, expires_at,
    held_reason, held_for, cause, attempts, lease_until, forget_next, topic
  )
  SELECT
    m.id, saved.id, m.run_id, m.journey, m.step, m.channel, m.template, m.status, m.reason, m.transactional, m.data, m.card, m.while_inside, m.decided_at, m.expires_at,
    CASE WHEN m.status = 'held' THEN m.reason END, m.held_for, m.cause, CASE WHEN m.status = 'sending' THEN 1 ELSE 0 END,
    CASE m.status WHEN 'sending' THEN now() + make_interval(secs => ${LEASE_SECONDS}) WHEN 'queued' THEN now() END,
    m.forget_next, m.topic
  FROM saved, jsonb_to_recordset(${value('messages')}) AS m(
    id uuid, run_id uuid, journey text, step text, channel text, template text, status text, reason text, transactional boolean, data jsonb,
    card jsonb, while_inside boolean, decided_at bigint, expires_at bigint, held_for text, cause text, forget_next bigint, topic text
  )
  -- A message that was held is decided again, with what an edit made of it meanwhile. So is one that an edit took back, if another edit
  -- brings its step back. Nobody has attempted it then.
  ON CONFLICT (id) DO UPDATE SET channel = excluded.channel, template = excluded.template, topic = excluded.topic, card = excluded.card,
    while_inside = excluded.while_inside, status = excluded.status, reason = excluded.reason, transactional = excluded.transactional,
    data = excluded.data, forget_next = excluded.forget_next, decided_at = excluded.decided_at, expires_at = excluded.expires_at,
    held_reason = coalesce(messages.held_reason, excluded.held_reason), held_for = coalesce(messages.held_for, excluded.held_for),
    cause = excluded.cause, attempts = excluded.attempts, lease_until = excluded.lease_until
  WHERE messages.status = 'held' OR (messages.status = 'cancelled' AND messages.attempts = 0)
${[')', ...parts.map((part) => part(value))].join(', ')}
SELECT id FROM saved`;

function ofUser(param: Placeholders<UserRow>): Source {
  const value: Value = (name) => `${param[name]}::${COLUMNS[name]}`;
  return { before: '', from: '', given: value, sets: '', returned: '', saved: value };
}

/** Saves one user of whom nothing is withdrawn, and whose stage is the same. One round trip saves everything. */
export const SAVE = prepared<UserRow>('save-user', (param) => saving(ofUser(param), []));

/** Saves one user. */
export const SAVE_ALL = prepared<UserRow>('save-all-of-user', (param) =>
  saving(ofUser(param), [withdrawn, stageChanges]),
);

/** A user with what journeys seldom change or do. */
export interface TrackingRow extends UserRow {
  /** Events that they have tracked: the text of a JSON array. */
  readonly tracked: string;
  /** The user's consent, the text of a JSON object; null when it did not change. */
  readonly consent: string | null;
}

/** Saves one user, with their consent and events that their journeys have tracked. */
export const SAVE_TRACKING = prepared<TrackingRow>('save-tracking-user', (param) =>
  saving({ ...ofUser(param), sets: `, consent = coalesce(${param.consent}::jsonb, u.consent)` }, [
    withdrawn,
    stageChanges,
    () => trackedEvents(`${param.tracked}::jsonb`),
  ]),
);

/** The columns that the parts of `SAVE_TOGETHER` need. */
const RETURNED = ['seen', 'seen_until', 'runs', 'messages', 'stage_changes'] as const;

/**
 * Saves several users of whom nothing is withdrawn, except those whose rows somebody else has locked: nobody waits for another user,
 * and nobody waits while they hold locks. The planner takes an unknown limit for a tenth of the rows, so it expects a single user.
 * Then the plan reads only indexes, also if it was made while the tables were empty.
 */
export const SAVE_TOGETHER = prepared<{ readonly users: string; readonly count: number }>('save-users', (param) => {
  const columns = Object.entries(COLUMNS).map((column) => column.join(' '));
  const users = `SELECT * FROM jsonb_to_recordset(${param.users}::jsonb) AS g (${columns.join(', ')}) LIMIT ${param.count}`;
  const before = `given AS (
  SELECT g.* FROM (SELECT * FROM (${users}) g LIMIT ${param.count}) g CROSS JOIN LATERAL (
    SELECT FROM users u WHERE u.id = g.id AND u.version = g.loaded_version FOR NO KEY UPDATE SKIP LOCKED
  ) unlocked
), `;
  return saving(
    {
      before,
      from: 'FROM given g',
      given: (name) => `g.${name}`,
      sets: '',
      returned: RETURNED.map((name) => `, g.${name}`).join(''),
      saved: (name) => `saved.${name}`,
    },
    [stageChanges],
  );
});
