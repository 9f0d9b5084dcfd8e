import { resolvedId } from './aliases';
import { retryOnConflict } from './conflict';
import type { Database } from './database';

/** The content of a browser's `PushSubscription`. */
export interface PushSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** The browsers that agreed to receive notifications. */
export interface Subscriptions {
  /**
   * Lists the browsers of a user. An id that was merged into another is resolved: that may happen while a message is being
   * delivered.
   */
  list(userId: string): Promise<readonly (PushSubscription & { readonly id: string })[]>;
  /** Removes a browser by the id that `list` returned. */
  remove(id: string): Promise<void>;
  /**
   * Adds a browser to a user, or moves it there from another user.
   * @param at epoch milliseconds of the journey clock
   * @returns false when there is no such user, also when they were merged into another
   */
  add(userId: string, subscription: PushSubscription, at: number): Promise<boolean>;
  /**
   * Removes a browser of a user.
   * @returns false when the user has no such browser
   */
  removeEndpoint(userId: string, endpoint: string): Promise<boolean>;
}

/** Browsers per user. The oldest are removed, so that nobody can make the server send requests to any number of addresses. */
const MAX_PER_USER = 20;

/** SQL: locks the user's row, which waits for a merge under way and lets no other begin. */
const PERSON = 'person AS (SELECT id FROM users WHERE id = $1 FOR UPDATE)';

const REMOVE = `
WITH ${PERSON}
DELETE FROM push_subscriptions s USING person WHERE s.endpoint = $2 AND s.user_id = person.id`;

const ADD = `
WITH ${PERSON}, added AS (
  INSERT INTO push_subscriptions (user_id, endpoint, keys, created_at) SELECT id, $2, $3::jsonb, $4::bigint FROM person
  ON CONFLICT (endpoint) DO UPDATE SET user_id = excluded.user_id, keys = excluded.keys, created_at = excluded.created_at
  RETURNING user_id
), outdated AS (
  DELETE FROM push_subscriptions WHERE id IN (
    SELECT s.id FROM push_subscriptions s JOIN added USING (user_id) WHERE s.endpoint <> $2
    ORDER BY s.created_at DESC, s.id OFFSET ${MAX_PER_USER - 1}
  )
)
SELECT FROM added`;

/** Creates the subscriptions, which are stored in PostgreSQL. */
export function createSubscriptions({ pool, knex }: Database): Subscriptions {
  const changed = async (statement: string, ...values: readonly unknown[]): Promise<boolean> => {
    const { rowCount } = await retryOnConflict(() => pool.query(statement, [...values]));
    return rowCount === 1;
  };
  return {
    list: (userId) =>
      knex('push_subscriptions')
        .where('user_id', knex.raw(resolvedId(':userId'), { userId }))
        .orderBy('created_at')
        .select('id', 'endpoint', 'keys'),
    async remove(id) {
      await knex('push_subscriptions').where({ id }).delete();
    },
    add: (userId, { endpoint, keys }, at) => changed(ADD, userId, endpoint, JSON.stringify(keys), at),
    removeEndpoint: (userId, endpoint) => changed(REMOVE, userId, endpoint),
  };
}
