/** A conversation as one of its participants sees it. Times are epoch milliseconds of the journey clock. */
export interface ShownConversation {
  readonly chat: string;
  readonly key: string;
  readonly role: string;
  readonly closedAt: number | null;
  readonly blocked: boolean;
  /** Everybody else, by no id. `seen` is the id of the last message that they have seen; null if there is none. */
  readonly others: readonly { readonly role: string; readonly name: string; readonly seen: string | null }[];
  /** The latest 50, oldest first. */
  readonly messages: readonly ShownMessage[];
  /** How many of these others said and the person has not seen. */
  readonly unread: number;
  /** When it is not shown any more, if nothing happens meanwhile. */
  readonly shownUntil: number;
}

/** A message: a phrase of its sender's role, or a text. */
export interface ShownMessage {
  readonly id: string;
  /** That of the sender. */
  readonly role: string;
  readonly phrase: string | null;
  readonly text: string | null;
  readonly at: number;
}

const MOST_CONVERSATIONS = 20;
const MOST_SHOWN = 50;

/**
 * SQL: the query of the conversations that the app of a user shows: those that are open, and those that were closed less than a day ago,
 * the latest activity first. Whoever came later sees nothing of what was said before.
 * @param user SQL: the id of the user
 * @param now SQL: the time, epoch milliseconds of the journey clock
 */
export const conversationsOf = (user: string, now: string): string => `
SELECT c.chat, c.key, p.role, c.closed_at AS "closedAt", is_blocked(c.id) AS blocked, recent.messages, recent.unread,
  least(p.shown_until, c.delete_at) AS "shownUntil",
  coalesce((
    SELECT json_agg(json_build_object('role', o.role, 'name', o.name, 'seen', (
      SELECT s.id FROM chat_messages s WHERE s.conversation = o.conversation AND s.n = o.seen_n AND s.n > p.from_n
    )) ORDER BY o.n)
    FROM chat_participants o WHERE o.conversation = c.id AND o.left_at IS NULL AND o.n <> p.n
  ), '[]') AS others
FROM chat_participants p JOIN conversations c ON c.id = p.conversation, LATERAL (
  SELECT count(*) FILTER (WHERE w.n <> p.n AND m.n > p.seen_n) AS unread,
    coalesce(json_agg(json_build_object('id', m.id, 'role', w.role, 'phrase', m.phrase, 'text', m.text, 'at', m.at) ORDER BY m.n), '[]')
      AS messages
  FROM (SELECT * FROM chat_messages m WHERE m.conversation = c.id AND m.n > p.from_n ORDER BY m.n DESC LIMIT ${MOST_SHOWN}) m
    JOIN chat_participants w ON w.conversation = m.conversation AND w.n = m.participant
) AS recent
WHERE p.user_id = ${user} AND p.shown_until > ${now} AND c.delete_at > ${now}
ORDER BY c.active_at DESC, c.id LIMIT ${MOST_CONVERSATIONS}`;
