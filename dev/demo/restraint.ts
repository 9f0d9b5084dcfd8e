import type { Pool } from 'pg';

const WEEK_MS = 7 * 86_400_000;

/** What the policy did, and what it would have been without. */
export interface Restraint {
  readonly sent: number;
  readonly transactional: number;
  /** Not sent, though without caps a channel would have been free; what also fell victim to the night is counted there. */
  readonly capped: number;
  /** Held over the night, then sent. */
  readonly moved: number;
  /** Not worth sending any more when the night was over. */
  readonly lapsed: number;
  /** Weeks all people together were with us, from signing up to deleting the account. */
  readonly weeks: number;
}

const NOTHING: Restraint = { sent: 0, transactional: 0, capped: 0, moved: 0, lapsed: 0, weeks: 0 };

// A message names one obstacle, that of the last channel tried; the journal has those of all.
const CAPPED = `
SELECT count(*) FROM runs CROSS JOIN LATERAL jsonb_array_elements(body -> 'journal') r
WHERE r ->> 'kind' = 'send' AND r -> 'outcome' ->> 'status' = 'suppressed' AND r -> 'obstacles' ? (r -> 'outcome' ->> 'channel')
  AND EXISTS (SELECT FROM jsonb_each_text(r -> 'obstacles') WHERE value = 'cap')`;

const STAY = `
SELECT min(at) FILTER (WHERE name = 'Signed Up') AS came_at, min(at) FILTER (WHERE name = 'Account Deleted') AS left_at
FROM events GROUP BY user_id`;

/** @param now the end of the period, epoch milliseconds of the journey clock */
export async function restraint(pool: Pool, now: number): Promise<Restraint> {
  const { rows } = await pool.query<Restraint>(
    `SELECT count(*) FILTER (WHERE status = 'sent') AS sent,
       count(*) FILTER (WHERE status = 'sent' AND transactional) AS transactional,
       count(*) FILTER (WHERE status = 'sent' AND held_for = 'quiet hours') AS moved,
       count(*) FILTER (WHERE status = 'suppressed'
         AND (cause = 'quiet hours' OR cause = 'expired' AND held_for = 'quiet hours')) AS lapsed,
       (${CAPPED}) AS capped,
       (SELECT coalesce(sum(coalesce(left_at, $1) - came_at), 0)::float8 / $2 FROM (${STAY}) AS stay WHERE came_at IS NOT NULL) AS weeks
     FROM messages`,
    [now, WEEK_MS],
  );
  return rows[0] ?? NOTHING;
}
