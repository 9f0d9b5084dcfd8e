import type { Pool } from 'pg';
import type { StoredJourney } from '../engine/json/assemble';
import type { JsonObject } from '../engine/model/json';
import type { Database } from './database';

// Only of what is in force: a journey that is a draft or archived is in nobody's way.
const IN_FORCE = `
SELECT j.id, j.status = 'paused' AS paused,
  json_agg(json_build_object('version', v.version, 'definition', v.definition, 'finish', v.finish) ORDER BY v.version) AS versions
FROM stored_journeys j JOIN journey_versions v ON v.journey = j.id AND v.version <= j.version
WHERE j.status IN ('active', 'paused') GROUP BY j.id ORDER BY j.id`;

/** The stored journeys in force. */
export async function storedInForce(pool: Pool): Promise<StoredJourney[]> {
  const { rows } = await pool.query<StoredJourney>(IN_FORCE);
  return rows;
}

/** SQL: how often what is in force has changed. */
export const CHANGES = '(SELECT seq FROM journey_changes)';

/** How often what is in force has changed: cheap enough to ask every second. */
export async function countChanges(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ seq: number }>({ name: 'journey-changes', text: `SELECT ${CHANGES} AS seq` });
  return rows[0]?.seq ?? 0;
}

export type StoredStatus = 'draft' | 'active' | 'paused' | 'archived';

/** A stored journey, whatever its status. */
export interface StoredRecord {
  readonly id: string;
  readonly status: StoredStatus;
  /** The version published last; null while there is none. */
  readonly version: number | null;
  /** What is being worked on; null when everything is published. */
  readonly draft: JsonObject | null;
  /** What was published last. */
  readonly published: JsonObject | null;
  /** Another one as soon as there is another draft, or none. */
  readonly revision: string;
}

/** One published version. */
export interface VersionRecord {
  readonly version: number;
  readonly definition: JsonObject;
  readonly finish: boolean;
  readonly author: string;
  readonly note: string;
  readonly publishedAt: Date;
}

/** Who publishes, and why. */
export interface Publication {
  readonly id: string;
  readonly author: string;
  readonly note: string;
}

/** SQL: tells what is being worked on, or was published last, from what it was before. */
const REVISION = `md5(concat(j.version, ' ', j.draft))`;

const RECORD = `
SELECT j.id, j.status, j.version, j.draft, v.definition AS published, ${REVISION} AS revision
FROM stored_journeys j LEFT JOIN journey_versions v ON v.journey = j.id AND v.version = j.version`;

/** One stored journey; null when there is none with this id. */
export async function findStored({ pool }: Database, id: string): Promise<StoredRecord | null> {
  const { rows } = await pool.query<StoredRecord>(`${RECORD} WHERE j.id = $1`, [id]);
  return rows[0] ?? null;
}

/** All stored journeys, by id. */
export async function listStored({ pool }: Database): Promise<StoredRecord[]> {
  const { rows } = await pool.query<StoredRecord>(`${RECORD} ORDER BY j.id`);
  return rows;
}

/** Every version ever published, newest first. */
export async function listVersions({ pool }: Database, id: string): Promise<VersionRecord[]> {
  const { rows } = await pool.query<VersionRecord>(
    `SELECT version, definition, finish, author, note, published_at AS "publishedAt"
     FROM journey_versions WHERE journey = $1 ORDER BY version DESC`,
    [id],
  );
  return rows;
}

/**
 * Keeps what is being worked on, in the place of what was.
 * @param revision what it is to replace; null for whatever there is
 * @returns whether the journey is new; null when that revision is not the present one any more
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
 * Makes the draft the next version; a paused journey stays paused.
 * @returns the version; null when the draft is not the given one any more
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
 * Publishes an earlier version again, as the next one; whoever is on the present version comes along. An archived journey is in force again.
 * @returns the version; null when there is no such earlier one
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

/** Changes the status, if it is one of these. Answers whether it was. */
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
