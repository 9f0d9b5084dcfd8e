import { resolvedId } from './aliases';
import type { Database } from './database';
import { changesOne, PERSON } from './locked-person';

/** The content of a browser's `PushSubscription`. */
export interface PushSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A stored subscription. */
export interface StoredSubscription extends PushSubscription {
  readonly id: string;
  /** Our public key when the browser subscribed; null when it is not known. Only that key can push to the browser. */
  readonly vapidKey: string | null;
  /** When its push service refused our signature last, in real time; null when it did not, or has accepted it since. */
  readonly refusedAt: Date | null;
}

/** The browsers that agreed to receive notifications. */
export interface Subscriptions {
  /**
   * Lists the browsers of a user, without those that are set aside. An id that was merged into another is resolved: that may happen while a message is being
   * delivered.
   */
  list(userId: string): Promise<readonly StoredSubscription[]>;
  /** Removes a browser by the id that `list` returned. */
  remove(id: string): Promise<void>;
  /** Sets a browser aside for a day, because its push service refuses our signature. Until then it does not reach its user. */
  setAside(id: string): Promise<void>;
  /** Takes back that a browser was set aside. */
  restore(id: string): Promise<void>;
  /**
   * Adds a browser to a user, or moves it there from another user. A browser that is set aside stays so, unless its keys changed.
   * @param vapidKey the public key that browsers are given to subscribe with
   * @param at epoch milliseconds of the journey clock
   * @returns false when there is no such user, also when they were merged into another
   */
  add(userId: string, subscription: PushSubscription, vapidKey: string, at: number): Promise<boolean>;
  /**
   * Removes a browser of a user.
   * @returns false when the user has no such browser
   */
  removeEndpoint(userId: string, endpoint: string): Promise<boolean>;
}

/** Browsers per user. The oldest are removed, so that nobody can make the server send requests to any number of addresses. */
const MAX_PER_USER = 20;

/** SQL: whether a subscription `p` is not set aside. */
const IN_USE = "(p.refused_at IS NULL OR p.refused_at < now() - interval '1 day')";

/** SQL: whether a browser of the user `u` can be pushed to. */
export const HAS_PUSH = `EXISTS (SELECT FROM push_subscriptions p WHERE p.user_id = u.id AND ${IN_USE})`;

const REMOVE = `
WITH ${PERSON}
DELETE FROM push_subscriptions s USING person WHERE s.endpoint = $2 AND s.user_id = person.id`;

const ADD = `
WITH ${PERSON}, added AS (
  INSERT INTO push_subscriptions AS former (user_id, endpoint, keys, vapid_key, created_at)
  SELECT id, $2, $3::jsonb, $4, $5::bigint FROM person
  ON CONFLICT (endpoint) DO UPDATE SET
    user_id = excluded.user_id, keys = excluded.keys, vapid_key = excluded.vapid_key, created_at = excluded.created_at,
    refused_at = CASE WHEN former.keys = excluded.keys THEN former.refused_at END
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
  return {
    list: (userId) =>
      knex({ p: 'push_subscriptions' })
        .where('user_id', knex.raw(resolvedId(':userId'), { userId }))
        .whereRaw(IN_USE)
        .orderBy('created_at')
        .select('id', 'endpoint', 'keys', { vapidKey: 'vapid_key', refusedAt: 'refused_at' }),
    async remove(id) {
      await knex('push_subscriptions').where({ id }).delete();
    },
    async setAside(id) {
      await knex('push_subscriptions').where({ id }).update({ refused_at: knex.fn.now() });
    },
    async restore(id) {
      await knex('push_subscriptions').where({ id }).update({ refused_at: null });
    },
    add: (userId, { endpoint, keys }, vapidKey, at) =>
      changesOne(pool, ADD, userId, endpoint, JSON.stringify(keys), vapidKey, at),
    removeEndpoint: (userId, endpoint) => changesOne(pool, REMOVE, userId, endpoint),
  };
}
