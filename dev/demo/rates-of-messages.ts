import type { Pool } from 'pg';
import type { Rate } from './rates';
import { share } from './text';

const WEEK_MS = 7 * 86_400_000;

/**
 * How messages were received, from what PostgreSQL holds. Delivery, opening and clicking of mails are not stored: an SMTP
 * server does not report them, and mails carry no tracking.
 */
export async function ratesOfMessages(pool: Pool): Promise<Rate[]> {
  return [...(await optOut(pool)), ...(await interaction(pool))];
}

async function optOut(pool: Pool): Promise<Rate[]> {
  const { rows } = await pool.query<{ channel: string; left: number; sent: number }>(
    `SELECT channel, count(*) AS sent,
       (SELECT count(*) FROM events e WHERE e.name = 'Unsubscribed' AND e.properties ->> 'channel' = m.channel) AS left
     FROM messages m WHERE status = 'sent' AND channel <> 'inApp' GROUP BY channel ORDER BY channel`,
  );
  return rows.map(({ channel, left, sent }) => ({
    name: `opt-out of ${channel}`,
    value: share(left, sent),
    definition: 'unsubscribed / messages sent (handed to the provider; delivered is not known)',
  }));
}

async function interaction(pool: Pool): Promise<Rate[]> {
  const { rows } = await pool.query<{ journey: string | null; active: number; reached: number; engaged: number }>(
    `WITH active AS (SELECT DISTINCT user_id FROM events WHERE type IN ('page', 'screen'))
     SELECT journey, (SELECT count(*) FROM active) AS active, count(DISTINCT user_id) AS reached,
       count(DISTINCT user_id) FILTER (WHERE clicked_at IS NOT NULL) AS engaged
     FROM messages JOIN active USING (user_id) WHERE channel = 'inApp' AND seen_at IS NOT NULL
     GROUP BY GROUPING SETS ((), (journey)) ORDER BY journey NULLS FIRST`,
  );
  return rows.flatMap(({ journey, active, reached, engaged }) => {
    const suffix = journey === null ? '' : ` with ${journey}`;
    return [
      {
        name: `interaction${suffix}`,
        value: share(reached, active),
        definition: 'saw an in-app message / viewed a page at all',
      },
      { name: `engagement${suffix}`, value: share(engaged, reached), definition: 'clicked one / saw one' },
    ];
  });
}

/** What the policy did, and what it would have been without. */
export interface Restraint {
  readonly sent: number;
  readonly transactional: number;
  readonly capped: number;
  /** Held over the night, then sent. */
  readonly moved: number;
  /** Not worth sending any more when the night was over. */
  readonly lapsed: number;
  /** Weeks all people together were with us, from signing up to deleting the account. */
  readonly weeks: number;
}

/** @param now the end of the period, epoch milliseconds of the journey clock */
export async function restraint(pool: Pool, now: number): Promise<Restraint> {
  const { rows } = await pool.query<Restraint>(
    `SELECT count(*) FILTER (WHERE status = 'sent') AS sent,
       count(*) FILTER (WHERE status = 'sent' AND transactional) AS transactional,
       count(*) FILTER (WHERE status = 'suppressed' AND reason LIKE 'capped%') AS capped,
       count(*) FILTER (WHERE status = 'sent' AND held_reason = 'quiet hours') AS moved,
       count(*) FILTER (WHERE status = 'suppressed' AND (reason = 'expires in quiet hours' OR held_reason IS NOT NULL)
         AND reason NOT LIKE 'capped%') AS lapsed,
       (SELECT coalesce(sum(coalesce(left_at, $1) - came_at), 0)::float8 / $2 FROM (
         SELECT min(at) FILTER (WHERE name = 'Signed Up') AS came_at, min(at) FILTER (WHERE name = 'Account Deleted') AS left_at
         FROM events GROUP BY user_id
       ) AS stay WHERE came_at IS NOT NULL) AS weeks
     FROM messages`,
    [now, WEEK_MS],
  );
  return rows[0] ?? { sent: 0, transactional: 0, capped: 0, moved: 0, lapsed: 0, weeks: 0 };
}
