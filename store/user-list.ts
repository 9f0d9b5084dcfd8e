import { VISITOR_PREFIX } from './aliases';
import type { Database } from './database';
import type { Query } from './sql';

/** Which users to find. A part that is null or empty lets everybody through. */
export interface UserFilter {
  /** Values of traits as text, by name. `'42'` also finds the number 42, `'true'` the boolean. */
  readonly traits: Readonly<Record<string, string>>;
  readonly stage: string | null;
  /** A journey that the user is in. */
  readonly journey: string | null;
  /** The step of that journey in which the user is. Needs `journey`. */
  readonly step: string | null;
}

/** Does a filter let everybody through? */
export function isEmpty({ traits, stage, journey, step }: UserFilter): boolean {
  return Object.keys(traits).length === 0 && [stage, journey, step].every((part) => part === null);
}

/** A part of a list in the order of ids, which new users do not change. */
export interface UserPage {
  /** Only ids that follow this one; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

/** A run in progress. `enteredAt` is epoch milliseconds of the journey clock. */
interface RunInProgress {
  readonly journey: string;
  readonly key: string | null;
  readonly step: string | null;
  readonly status: 'active' | 'failed';
  readonly enteredAt: number;
}

/** A user in a list. Times are epoch milliseconds of the journey clock. */
export interface ListedUser {
  readonly id: string;
  /** Whether only an anonymous id is known of them. */
  readonly anonymous: boolean;
  /** Empty until the first decision. */
  readonly stage: string;
  readonly createdAt: number;
  /** 0 when no event of theirs has come yet. */
  readonly lastSeenAt: number;
  /** The latest first, at most {@link LISTED_RUNS}. */
  readonly runs: readonly RunInProgress[];
}

/** The most runs of a user in a list. */
export const LISTED_RUNS = 20;

/** What a value of a trait may be other than text. Longer numbers are read as text only. */
const NOT_TEXT = /^(?:true|false|null|-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?)$/;
const IN_PROGRESS = `status IN ('active', 'failed')`;

const LISTED = `
  u.id, starts_with(u.id, '${VISITOR_PREFIX}') AS anonymous, u.stage, u.created_at AS "createdAt", u.last_seen_at AS "lastSeenAt",
  coalesce((
    SELECT jsonb_agg(jsonb_build_object(
      'journey', r.journey, 'key', r.key, 'step', r.position, 'status', r.status, 'enteredAt', r.entered_at
    )) FROM (
      SELECT * FROM runs WHERE user_id = u.id AND ${IN_PROGRESS} ORDER BY entered_at DESC, id LIMIT ${LISTED_RUNS}
    ) r
  ), '[]') AS runs`;

/** Lists a page of users, in the order of their ids. */
export async function listUsers({ pool }: Database, filter: UserFilter, page: UserPage): Promise<ListedUser[]> {
  const { rows } = await pool.query<ListedUser>(selectUsers(LISTED, filter, page));
  return rows;
}

/** Lists the ids of a page of users, in their order. */
export async function listUserIds({ pool }: Database, filter: UserFilter, page: UserPage): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(selectUsers('u.id', filter, page));
  return rows.map(({ id }) => id);
}

/** Has anybody ever been in a journey? As far as ended runs are kept. */
export async function hasRuns({ pool }: Database, journey: string): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM runs WHERE journey = $1) AS found',
    [journey],
  );
  return rows[0]?.found ?? false;
}

/**
 * Builds the statement that selects a page of users. It is planned for the values of each call, and so either walks along the ids or
 * uses the index of a filter that lets few through.
 */
export function selectUsers(columns: string, filter: UserFilter, { after, limit }: UserPage): Query {
  const values: unknown[] = [];
  const param = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [
    ...(after === null ? [] : [`u.id > ${param(after)}`]),
    ...(filter.stage === null ? [] : [`u.stage = ${param(filter.stage)}`]),
    ...Object.entries(filter.traits).map(([name, value]) => hasTrait(name, value, param)),
    ...(filter.journey === null ? [] : [isIn(filter.journey, filter.step, param)]),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return { text: `SELECT ${columns} FROM users u ${where} ORDER BY u.id LIMIT ${param(limit)}`, values };
}

type Param = (value: unknown) => string;

/** The condition contains each possible value as a document, because that is what the index finds. */
function hasTrait(name: string, text: string, param: Param): string {
  const possible = [JSON.stringify({ [name]: text })];
  if (NOT_TEXT.test(text)) possible.push(`{${JSON.stringify(name)}:${text}}`);
  return `(${possible.map((document) => `u.traits @> ${param(document)}::jsonb`).join(' OR ')})`;
}

function isIn(journey: string, step: string | null, param: Param): string {
  const atStep = step === null ? '' : ` AND r.position = ${param(step)}`;
  return `EXISTS (SELECT FROM runs r WHERE r.user_id = u.id AND r.${IN_PROGRESS} AND r.journey = ${param(journey)}${atStep})`;
}
