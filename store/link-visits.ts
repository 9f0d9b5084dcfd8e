import { createHash } from 'node:crypto';
import type { Database } from './database';
import { prepared } from './sql';

/** A link of a mail that somebody or something follows now. */
export interface LinkVisit {
  readonly messageId: string;
  /** Where the link leads. */
  readonly url: string;
  /** Epoch milliseconds of the journey clock, as all times here. */
  readonly at: number;
}

/** What is known of a message when one of its links is followed. */
export interface VisitedMessage {
  /** When it went out; null while that is not recorded. */
  readonly sentAt: number | null;
  /** When its provider reported the delivery; null if it did not. */
  readonly deliveredAt: number | null;
  /** When another link of it was followed last; null if none was, or if this link was followed last. */
  readonly otherLinkAt: number | null;
}

interface Values {
  readonly id: string;
  readonly link: string;
  readonly at: number;
}

/** Two visits at the same moment wait for each other by the lock, so the second sees the first. */
const NOTE = prepared<Values>(
  'note-link-visit',
  (param) => `
WITH before AS (
  SELECT id, sent_at, delivered_at, link_followed, link_followed_at FROM messages WHERE id = ${param.id}::uuid FOR UPDATE
), noted AS (
  UPDATE messages m SET link_followed = ${param.link}, link_followed_at = ${param.at}::bigint FROM before WHERE m.id = before.id
)
SELECT sent_at AS "sentAt", delivered_at AS "deliveredAt",
  CASE WHEN link_followed <> ${param.link} THEN link_followed_at END AS "otherLinkAt"
FROM before`,
);

/**
 * Remembers that a link of a message was followed, by whomever.
 * @returns what is known of the message; null for one that is gone
 */
export async function noteLinkVisit({ pool }: Database, visit: LinkVisit): Promise<VisitedMessage | null> {
  const { messageId: id, url, at } = visit;
  const link = createHash('sha256').update(url).digest('base64url').slice(0, 22);
  const { rows } = await pool.query<VisitedMessage>(NOTE({ id, link, at }));
  return rows[0] ?? null;
}
