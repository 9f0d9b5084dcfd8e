import type { Pool } from 'pg';
import { storableText } from '../engine/model/json';
import { prepared } from './sql';

/*
 * Other names of messages, by which providers and people speak of them: the number that a message went to, and the provider's own id.
 * The table holds hashes of them, as a number is somebody's.
 */

/** A name of a message at a source: a channel whose addresses are numbers, or a provider. */
export interface Reference {
  readonly source: string;
  readonly reference: string;
}

/** Storage of references. */
export interface MessageReferences {
  /** Adds a name to a message. Of a message that is gone nothing is kept. */
  add(messageId: string, reference: Reference): Promise<void>;
}

/** A message that a reference means. */
export interface Referenced {
  readonly messageId: string;
  readonly userId: string;
  /** The answer of the user about the channel of the message; null for none. */
  readonly consent: boolean | null;
}

const ADD = prepared<Reference & { readonly messageId: string }>(
  'add-message-reference',
  (param) => `
INSERT INTO message_references (source, reference, message)
SELECT ${param.source}, sha256(convert_to(${param.reference}, 'UTF8')), id FROM messages WHERE id = ${param.messageId}
ON CONFLICT DO NOTHING`,
);

/** A reference as it is hashed: others may send what no database holds. */
function stored({ source, reference }: Reference): Reference {
  return { source, reference: storableText(reference) };
}

/** Creates the storage of references. */
export function createReferences(pool: Pool): MessageReferences {
  return {
    async add(messageId, reference) {
      await pool.query(ADD({ messageId, ...stored(reference) }));
    },
  };
}

const FIND = prepared<Reference>(
  'find-referenced-messages',
  (param) => `
SELECT DISTINCT ON (m.user_id) m.id AS "messageId", m.user_id AS "userId", (u.consent -> m.channel)::boolean AS consent,
  m.decided_at AS "decidedAt"
FROM message_references r JOIN messages m ON m.id = r.message JOIN users u ON u.id = m.user_id
WHERE r.source = ${param.source} AND r.reference = sha256(convert_to(${param.reference}, 'UTF8'))
ORDER BY m.user_id, m.decided_at DESC, m.id`,
);

/**
 * Finds the messages that a reference means: the last one of each user. Several users may have the same number.
 * @returns the last message first; none for an unknown reference
 */
export async function findReferenced(pool: Pool, reference: Reference): Promise<readonly Referenced[]> {
  const { rows } = await pool.query<Referenced & { readonly decidedAt: string }>(FIND(stored(reference)));
  return rows.toSorted((a, b) => Number(b.decidedAt) - Number(a.decidedAt));
}
