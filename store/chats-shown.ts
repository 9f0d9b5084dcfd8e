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
  /** The name of the sender; null for a message of the person. */
  readonly name: string | null;
  readonly phrase: string | null;
  readonly text: string | null;
  readonly at: number;
}

const MOST_CONVERSATIONS = 20;
const MOST_SHOWN = 50;

/**
 * SQL: the conversations that the app of a user shows, as a JSON array: those that are open, and those that were closed less than a day
 * ago, the latest activity first. Whoever came later sees nothing of what was said before. A user without any costs one look at an
 * index.
 * @param user SQL: the id of the user
 * @param now SQL: the time, epoch milliseconds of the journey clock
 */
export const conversationsOf = (user: string, now: string): string => `
CASE WHEN (SELECT true FROM chat_participants p WHERE p.user_id = ${user} AND p.shown_until > ${now} LIMIT 1) THEN coalesce((
  SELECT json_agg(json_build_object(
    'chat', c.chat, 'key', c.key, 'role', c.role, 'closedAt', c.closed_at, 'shownUntil', least(c.shown_until, c.delete_at),
    'blocked', is_blocked(c.id), 'others', others.list, 'messages', recent.messages, 'unread', recent.unread
  ) ORDER BY c.active_at DESC, c.id)
  FROM (
    SELECT c.*, p.n, p.role, p.from_n, p.seen_n, p.shown_until
    FROM chat_participants p JOIN conversations c ON c.id = p.conversation
    WHERE p.user_id = ${user} AND p.shown_until > ${now} AND c.delete_at > ${now}
    ORDER BY c.active_at DESC, c.id LIMIT ${MOST_CONVERSATIONS}
  ) AS c, LATERAL (
    SELECT coalesce(json_agg(json_build_object('role', o.role, 'name', o.name, 'seen', (
      SELECT s.id FROM chat_messages s WHERE s.conversation = o.conversation AND s.n = o.seen_n AND s.n > c.from_n AND s.n > o.from_n
    )) ORDER BY o.n), '[]') AS list
    FROM chat_participants o WHERE o.conversation = c.id AND o.left_at IS NULL AND o.n <> c.n
  ) AS others, LATERAL (
    SELECT count(*) FILTER (WHERE w.n <> c.n AND m.n > c.seen_n) AS unread,
      coalesce(json_agg(json_build_object(
        'id', m.id, 'role', w.role, 'name', CASE WHEN w.n <> c.n THEN w.name END, 'phrase', m.phrase, 'text', m.text, 'at', m.at
      ) ORDER BY m.n), '[]') AS messages
    FROM (SELECT * FROM chat_messages m WHERE m.conversation = c.id AND m.n > c.from_n ORDER BY m.n DESC LIMIT ${MOST_SHOWN}) m
      JOIN chat_participants w ON w.conversation = m.conversation AND w.n = m.participant
  ) AS recent
), '[]') ELSE '[]' END`;
