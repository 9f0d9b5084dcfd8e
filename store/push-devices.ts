import { resolvedId } from './aliases';
import type { Database } from './database';
import { changesOne, PERSON } from './locked-person';

/** Services that deliver to apps. An app on iOS has a token of APNs, or of FCM if it uses Firebase. */
export const PUSH_SERVICES = ['fcm', 'apns'] as const;
export type PushService = (typeof PUSH_SERVICES)[number];

export const PLATFORMS = ['ios', 'android'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** An installation of an app. */
export interface PushDevice {
  readonly service: PushService;
  /** What the service calls the installation. It may change when the app is restored or updated. */
  readonly token: string;
  readonly platform: Platform;
  /** The bundle id or package of the app; null when it is not known. */
  readonly app: string | null;
  /** The language tag of the device; null when it is not known. */
  readonly locale: string | null;
}

/** A stored installation. */
export interface StoredDevice extends PushDevice {
  readonly id: string;
  /** When the app registered it last. Epoch milliseconds of the journey clock. */
  readonly lastSeenAt: number;
}

/** The installations of apps on which users can be reached. */
export interface PushDevices {
  /**
   * Lists the devices of a user, the one that was seen last first. An id that was merged into another is resolved: that may happen
   * while a message is being delivered.
   */
  list(userId: string): Promise<readonly StoredDevice[]>;
  /** Removes a device that its service does not know any more, unless the app has registered it again since it was listed. */
  remove(device: Pick<StoredDevice, 'id' | 'lastSeenAt'>): Promise<void>;
  /**
   * Adds a device to a user, or moves it there from another user.
   * @param at epoch milliseconds of the journey clock
   * @returns false when there is no such user, also when they were merged into another
   */
  add(userId: string, device: PushDevice, at: number): Promise<boolean>;
  /**
   * Removes a device of a user.
   * @returns false when the user has no such device
   */
  removeToken(userId: string, token: string): Promise<boolean>;
}

/** Devices per user. Those seen longest ago are removed, so that nobody can make the server send any number of requests. */
const MAX_PER_USER = 20;

/** SQL: whether the user `u` has a device. */
export const HAS_DEVICE = 'EXISTS (SELECT FROM push_devices d WHERE d.user_id = u.id)';

const REMOVE = `
WITH ${PERSON}
DELETE FROM push_devices d USING person WHERE d.token = $2 AND d.user_id = person.id`;

const ADD = `
WITH ${PERSON}, added AS (
  INSERT INTO push_devices (user_id, service, token, platform, app, locale, last_seen_at)
  SELECT id, $2, $3, $4, $5, $6, $7::bigint FROM person
  ON CONFLICT (token) DO UPDATE SET
    user_id = excluded.user_id, service = excluded.service, platform = excluded.platform, app = excluded.app,
    locale = excluded.locale, last_seen_at = excluded.last_seen_at
  RETURNING user_id
), outdated AS (
  DELETE FROM push_devices WHERE id IN (
    SELECT d.id FROM push_devices d JOIN added USING (user_id) WHERE d.token <> $3
    ORDER BY d.last_seen_at DESC, d.id OFFSET ${MAX_PER_USER - 1}
  )
)
SELECT FROM added`;

/** Creates the devices, which are stored in PostgreSQL. */
export function createPushDevices({ pool, knex }: Database): PushDevices {
  return {
    list: (userId) =>
      knex('push_devices')
        .where('user_id', knex.raw(resolvedId(':userId'), { userId }))
        .orderBy([{ column: 'last_seen_at', order: 'desc' }, 'id'])
        .select('id', 'service', 'token', 'platform', 'app', 'locale', { lastSeenAt: 'last_seen_at' }),
    async remove({ id, lastSeenAt }) {
      await knex('push_devices').where({ id, last_seen_at: lastSeenAt }).delete();
    },
    add: (userId, { service, token, platform, app, locale }, at) =>
      changesOne(pool, ADD, userId, service, token, platform, app, locale, at),
    removeToken: (userId, token) => changesOne(pool, REMOVE, userId, token),
  };
}
