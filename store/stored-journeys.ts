import type { Pool } from 'pg';
import type { StoredJourney } from '../engine/json/assemble';
import type { JsonObject } from '../engine/model/json';
import type { Database } from './database';

// Drafts and archived journeys are not in force, so they are not read.
const IN_FORCE = `
SELECT j.id, j.status = 'paused' AS paused,
  json_agg(json_build_object('version', v.version, 'definition', v.definition, 'finish', v.finish) ORDER BY v.version) AS versions
FROM stored_journeys j JOIN journey_versions v ON v.journey = j.id AND v.version <= j.version
WHERE j.status IN ('active', 'paused') GROUP BY j.id ORDER BY j.id`;

/** Returns the stored journeys in force, each with its published versions. */
export async function storedInForce(pool: Pool): Promise<StoredJourney[]> {
  const { rows } = await pool.query<StoredJourney>(IN_FORCE);
  return rows;
}

/** SQL: how often the stored journeys in force have changed. */
export const CHANGES = '(SELECT seq FROM journey_changes)';

/** Returns how often the stored journeys in force have changed. The query is cheap enough to run every second. */
export async function countChanges(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ seq: number }>({ name: 'journey-changes', text: `SELECT ${CHANGES} AS seq` });
  return rows[0]?.seq ?? 0;
}

/** The status of a stored journey. `active` and `paused` journeys are in force. */
export type StoredStatus = 'draft' | 'active' | 'paused' | 'archived';

/** A stored journey of any status. */
export interface StoredRecord {
  readonly id: string;
  readonly status: StoredStatus;
  /** The number of the latest published version; null when none is published. */
  readonly version: number | null;
  /** The unpublished draft; null when there is none. */
  readonly draft: JsonObject | null;
  /** The definition of the latest published version. */
  readonly published: JsonObject | null;
  /** Identifies the present draft and version. It changes with each of them. */
  readonly revision: string;
}

/** One published version. `finish` means that users inside at its publication stay on the version before it. */
export interface VersionRecord {
  readonly version: number;
  readonly definition: JsonObject;
  readonly finish: boolean;
  readonly author: string;
  readonly note: string;
  readonly publishedAt: Date;
}

/** The journey to publish, the person who publishes it, and their note. */
export interface Publication {
  readonly id: string;
  readonly author: string;
  readonly note: string;
}

/** SQL: identifies the present draft and version of a journey `j`. */
const REVISION = `md5(concat(j.version, ' ', j.draft))`;

const RECORD = `
SELECT j.id, j.status, j.version, j.draft, v.definition AS published, ${REVISION} AS revision
FROM stored_journeys j LEFT JOIN journey_versions v ON v.journey = j.id AND v.version = j.version`;

/** Returns a stored journey; null when there is none with this id. */
export async function findStored({ pool }: Database, id: string): Promise<StoredRecord | null> {
  const { rows } = await pool.query<StoredRecord>(`${RECORD} WHERE j.id = $1`, [id]);
  return rows[0] ?? null;
}

/** Returns all stored journeys, in the order of their ids. */
export async function listStored({ pool }: Database): Promise<StoredRecord[]> {
  const { rows } = await pool.query<StoredRecord>(`${RECORD} ORDER BY j.id`);
  return rows;
}

/** Returns every published version of a journey, newest first. */
export async function listVersions({ pool }: Database, id: string): Promise<VersionRecord[]> {
  const { rows } = await pool.query<VersionRecord>(
    `SELECT version, definition, finish, author, note, published_at AS "publishedAt"
     FROM journey_versions WHERE journey = $1 ORDER BY version DESC`,
    [id],
  );
  return rows;
}

/**
 * Saves the draft of a journey, and creates the journey if there is none.
 * @param revision the revision that the draft replaces; null to replace any
 * @returns whether the journey is new; null when the revision is no longer the present one
 */
export async function saveDraft(
  { pool }: Database,
  id: string,
  definition: JsonObject,
  revision: string | null,
): Promise<boolean | null> {
  const { rows } = await pool.query<{ created: boolean }>(
    `INSERT INTO stored_journeys AS j (id, status, draft)
     SELECT $1, 'draft', $2::jsonb WHERE $3::text IS NULL OR EXISTS (SELECT FROM stored_journeys WHERE id = $1)
     ON CONFLICT (id) DO UPDATE SET draft = excluded.draft, changed_at = now() WHERE $3 IS NULL OR ${REVISION} = $3
     RETURNING xmax = 0 AS created`,
    [id, JSON.stringify(definition), revision],
  );
  return rows[0]?.created ?? null;
}

/**
 * Publishes the draft as the next version. A paused journey stays paused, any other becomes active.
 * @param draft the draft as the caller has seen it
 * @returns the new version; null when the draft has changed since
 */
export async function publishDraft(
  { pool }: Database,
  { id, author, note }: Publication,
  draft: JsonObject,
): Promise<number | null> {
  const { rows } = await pool.query<{ version: number }>(
    `WITH published AS (
       UPDATE stored_journeys SET version = coalesce(version, 0) + 1, draft = NULL, changed_at = now(),
         status = CASE status WHEN 'paused' THEN 'paused' ELSE 'active' END
       WHERE id = $1 AND draft = $4::jsonb RETURNING version
     )
     INSERT INTO journey_versions (journey, version, definition, finish, author, note)
     SELECT $1, version, $4::jsonb, $4::jsonb ->> 'version' IS NOT DISTINCT FROM 'finish', $2, $3 FROM published
     RETURNING version`,
    [id, author, note, JSON.stringify(draft)],
  );
  return rows[0]?.version ?? null;
}

/**
 * Publishes an earlier version again, as the next one. Users on the present version move to it. A paused journey stays paused, any
 * other becomes active, also an archived one.
 * @returns the new version; null when there is no such earlier version
 */
export async function publishAgain(
  { pool }: Database,
  { id, author, note }: Publication,
  earlier: number,
): Promise<number | null> {
  const { rows } = await pool.query<{ version: number }>(
    `WITH published AS (
       UPDATE stored_journeys SET version = version + 1, changed_at = now(),
         status = CASE status WHEN 'paused' THEN 'paused' ELSE 'active' END
       WHERE id = $1 AND EXISTS (SELECT FROM journey_versions WHERE journey = $1 AND version = $4) RETURNING version
     )
     INSERT INTO journey_versions (journey, version, definition, finish, author, note)
     SELECT $1, p.version, v.definition, false, $2, $3
     FROM published p, journey_versions v WHERE v.journey = $1 AND v.version = $4
     RETURNING version`,
    [id, author, note, earlier],
  );
  return rows[0]?.version ?? null;
}

/**
 * Changes the status of a journey, if its present status is one of `from`.
 * @returns whether it was
 */
export async function changeStatus(
  { pool }: Database,
  id: string,
  from: readonly StoredStatus[],
  to: StoredStatus,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'UPDATE stored_journeys SET status = $3, changed_at = now() WHERE id = $1 AND status = ANY ($2)',
    [id, from, to],
  );
  return rowCount === 1;
}
