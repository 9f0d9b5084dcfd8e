import type { Pool } from 'pg';
import { forgetInRun, nextForgotten } from '../engine/model/forgetting';
import type { Run } from '../engine/model/state';
import { ANSWER_TO } from './inbox-reactions';
import { statement } from './sql';
import { jsonText } from './storable';

/** At most this many rows of each table are taken at once, so that no lock lasts long. */
export const FORGOTTEN_AT_ONCE = 200;

interface DueValues {
  /** Epoch milliseconds of the journey clock. */
  readonly now: number;
}

/**
 * The queries are not prepared: the best plan depends on how much there is to forget today. Rows that are locked wait for the next call.
 * The answer to a message is also kept with the message, so it goes from there in the same statement. Returns a row for each event.
 */
const EVENTS = statement<DueValues>(
  (param) => `
WITH forgotten AS (
  UPDATE events SET
    properties = properties - ARRAY(SELECT key FROM jsonb_each_text(forget_at) WHERE value::bigint < ${param.now}::bigint),
    forget_next = (SELECT min(value::bigint) FROM jsonb_each_text(forget_at) WHERE value::bigint >= ${param.now}::bigint)
  -- By their place, since a join by the primary key may read the whole table.
  WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM events WHERE forget_next < ${param.now}::bigint ORDER BY forget_next LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED))
  RETURNING properties, CASE WHEN starts_with(message_id, '${ANSWER_TO}') THEN substr(message_id, ${ANSWER_TO.length + 1})::uuid END AS answered
), answers AS (
  UPDATE messages SET
    answer = CASE WHEN properties ? 'value' THEN answer END, answers = CASE WHEN properties ? 'answers' THEN answers END
  FROM forgotten WHERE id = answered AND id = ANY (ARRAY(SELECT answered FROM forgotten))
)
SELECT FROM forgotten`,
);

/**
 * A message has expired when a property of its data is forgotten, so all of the data goes, with the text in the app. What remains of the
 * text says which card shows it, so that an older message does not come back.
 */
const MESSAGES = statement<DueValues>(
  (param) => `
UPDATE messages SET
  data = '{}',
  content = CASE WHEN content IS NOT NULL
    THEN jsonb_strip_nulls(jsonb_build_object('kind', content -> 'kind', 'progress', content -> 'progress')) END
WHERE id = ANY (ARRAY(
  SELECT id FROM messages WHERE forget_next < ${param.now}::bigint AND data <> '{}' ORDER BY forget_next LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED))`,
);

/** `version` tells whether the row has changed since. */
const DUE_RUNS = statement<DueValues>(
  (param) =>
    `SELECT id, body, xmin::text AS version FROM runs WHERE forget_next < ${param.now}::bigint ORDER BY forget_next LIMIT ${FORGOTTEN_AT_ONCE}`,
);

const RUNS = statement<{ readonly runs: string }>(
  (param) => `
UPDATE runs SET body = left_over.body, forget_next = left_over.forget_next
FROM jsonb_to_recordset(${param.runs}::jsonb) AS left_over (id uuid, version text, body jsonb, forget_next bigint)
WHERE runs.id = left_over.id AND runs.xmin::text = left_over.version`,
);

interface DueRun {
  readonly id: string;
  readonly body: Run;
  readonly version: string;
}

/**
 * Forgets the properties of events whose time is over, wherever they are stored: with the event, in the runs that keep the event, and
 * in the data, the text and the answers of messages. Whoever loaded them before and saves them now saves also that they are due, so the next call
 * forgets them. It can be interrupted and repeated at any time.
 * @param now epoch milliseconds of the journey clock
 * @returns whether there may be more to forget at once
 */
export async function forgetDue(pool: Pick<Pool, 'query'>, now: number): Promise<boolean> {
  const events = await pool.query(EVENTS({ now }));
  const messages = await pool.query(MESSAGES({ now }));
  const runs = await forgetInRuns(pool, now);
  return [events.rowCount ?? 0, messages.rowCount ?? 0, runs].includes(FORGOTTEN_AT_ONCE);
}

/** Returns the number of runs that were due. */
async function forgetInRuns(pool: Pick<Pool, 'query'>, now: number): Promise<number> {
  const { rows } = await pool.query<DueRun>(DUE_RUNS({ now }));
  if (rows.length === 0) return 0;
  const left = rows.map(({ id, body, version }) => {
    const run = forgetInRun(body, now);
    return { id, version, body: run, forget_next: nextForgotten(run) };
  });
  await pool.query(RUNS({ runs: jsonText(left) }));
  return rows.length;
}
