import type { Pool } from 'pg';
import type { Rate } from './rates';
import { share } from './text';

/**
 * Computes the rates of messages from the rows in PostgreSQL. There are no open and click rates of mails, because mails carry no
 * tracking. A message counts as delivered once the provider has accepted it: nothing later is known of a mail or notification.
 */
export async function ratesOfMessages(pool: Pool): Promise<Rate[]> {
  const rates = await Promise.all([bounce(pool), optOut(pool), interaction(pool)]);
  return rates.flat();
}

/** Bounce rates of the external channels. An in-app message cannot bounce. */
async function bounce(pool: Pool): Promise<Rate[]> {
  const { rows } = await pool.query<{ channel: string; bounced: number; sent: number }>(
    `SELECT channel, count(*) FILTER (WHERE cause = 'bounced') AS bounced, count(*) AS sent
     FROM messages WHERE channel <> 'inApp' AND (status = 'sent' OR cause = 'bounced') GROUP BY channel ORDER BY channel`,
  );
  return rows.map(({ channel, bounced, sent }) => ({
    name: `bounce of ${channel}`,
    value: share(bounced, sent),
    definition: 'permanently refused / handed to the provider, accepted or refused',
  }));
}

/** Opt-out rates by journey. An opt-out is attributed to the journey of the last message delivered by that channel. */
async function optOut(pool: Pool): Promise<Rate[]> {
  const { rows } = await pool.query<{ journey: string; left: number; delivered: number }>(
    `WITH delivered AS (
       SELECT user_id, journey, channel, sent_at FROM messages WHERE status = 'sent' AND channel <> 'inApp' AND NOT transactional
     ), because_of AS (
       SELECT (
         SELECT journey FROM delivered d WHERE d.user_id = e.user_id AND d.channel = e.properties ->> 'channel' AND d.sent_at <= e.at
         ORDER BY d.sent_at DESC LIMIT 1
       ) AS journey
       FROM events e WHERE e.type = 'consent' AND e.name = 'Unsubscribed'
     )
     SELECT journey, count(*) AS delivered, (SELECT count(*) FROM because_of b WHERE b.journey = d.journey) AS left
     FROM delivered d GROUP BY journey ORDER BY journey`,
  );
  return rows.map(({ journey, left, delivered }) => ({
    name: `opt-out after ${journey}`,
    value: share(left, delivered),
    definition:
      'unsubscribed after a message of this journey / delivered mails and notifications with an unsubscribe link',
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
        definition: 'saw an in-app message / viewed a page',
      },
      {
        name: `engagement${suffix}`,
        value: share(engaged, reached),
        definition: 'clicked an in-app message / saw one',
      },
    ];
  });
}
