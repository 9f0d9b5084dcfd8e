import type { Pool } from 'pg';
import type { GroupHistory, GroupQuestion, KnownMember } from '../engine/model/group';
import type { JsonObject } from '../engine/model/json';
import type { UserEvent } from '../engine/model/state';
import { askedFrom } from '../engine/user/history';
import { LOOK_BACK } from './asked-events';
import { prepared } from './sql';

/** At most so many calls about a group are read for its traits, the latest ones. */
const CALLS = 1_000;
/** At most so many users are looked at who were ever said to belong to a group. */
const CANDIDATES = 10_000;

interface QuestionValues extends Omit<GroupQuestion, 'members' | 'since'> {
  readonly id: string;
  readonly wantsMembers: boolean;
  readonly memberTraits: readonly string[];
  readonly names: readonly string[];
  readonly since: readonly number[];
}

interface Row {
  readonly id: string;
  readonly traits: JsonObject | null;
  readonly members: readonly KnownMember[] | null;
  readonly events: readonly UserEvent[] | null;
}

/*
 * Who belongs to a group, and what is known of it, is read from the `group` calls: they follow a merge and an erasure by
 * themselves, and nothing has to be written where a user without a group is concerned.
 */
const QUESTION = prepared<QuestionValues>('group-history', (param) => {
  // The group of this type that a user was last said to belong to.
  const groupOf = (user: string): string => `(
    SELECT e.properties ->> 'groupId' FROM events e
    WHERE e.user_id = ${user} AND e.name = 'Group' AND e.type = 'group' AND group_type(e.properties) = ${param.type}
      AND e.received_at <= ${param.until}
    ORDER BY e.at DESC, e.id DESC LIMIT 1
  )`;
  const ofGroup = (group: string): string =>
    `e.type = 'group' AND group_type(e.properties) = ${param.type} AND e.properties ->> 'groupId' = ${group}`;
  return `
WITH RECURSIVE own AS MATERIALIZED (
  SELECT ${groupOf(param.id)} AS id
), candidate (group_id, user_id, n) AS (
  -- Goes from user to user in the index, whatever the number of calls of each.
  SELECT o.id, (SELECT min(e.user_id) FROM events e WHERE ${ofGroup('o.id')}), 1
  FROM own o WHERE o.id IS NOT NULL AND ${param.wantsMembers}::boolean
  UNION ALL
  SELECT c.group_id, (SELECT min(e.user_id) FROM events e WHERE ${ofGroup('c.group_id')} AND e.user_id > c.user_id), c.n + 1
  FROM candidate c WHERE c.user_id IS NOT NULL AND c.n < ${CANDIDATES}
), member AS MATERIALIZED (
  SELECT c.user_id FROM candidate c WHERE c.user_id IS NOT NULL AND ${groupOf('c.user_id')} = c.group_id
)
SELECT
  o.id,
  (
    SELECT jsonb_object_agg(latest.trait, latest.value) FROM (
      SELECT DISTINCT ON (said.trait) said.trait, said.value FROM (
        SELECT one.key AS trait, one.value, e.at, e.id
        FROM (
          SELECT e.* FROM events e WHERE ${ofGroup('o.id')} AND e.received_at <= ${param.until}
          ORDER BY e.at DESC, e.id DESC LIMIT ${CALLS}
        ) e, jsonb_each(e.properties - '{groupId,groupType}'::text[]) AS one
        UNION ALL
        SELECT g.trait, g.value, g.at, 0 FROM group_traits g
        WHERE g.type = ${param.type} AND g.group_id = o.id AND g.received_at <= ${param.until}
      ) AS said ORDER BY said.trait, said.at DESC, said.id DESC
    ) AS latest
  ) AS traits,
  (
    SELECT jsonb_agg(jsonb_build_object('id', u.id, 'lastSeenAt', u.last_seen_at, 'traits', (
      SELECT coalesce(jsonb_object_agg(wanted, u.traits -> wanted), '{}') FROM unnest(${param.memberTraits}::text[]) AS wanted
      WHERE u.traits ? wanted
    ))) FROM member m JOIN users u ON u.id = m.user_id
  ) AS members,
  (
    SELECT jsonb_agg(jsonb_build_object(
      'id', e.id::text, 'name', e.name, 'at', e.at, 'receivedAt', e.received_at, 'properties', e.properties,
      'active', e.active, 'pending', e.pending
    ))
    FROM unnest(${param.names}::text[], ${param.since}::bigint[]) AS asked (name, since)
    CROSS JOIN LATERAL (
      SELECT done.* FROM member m CROSS JOIN LATERAL (
        SELECT * FROM events WHERE user_id = m.user_id AND name = asked.name AND at >= asked.since
        ORDER BY at DESC LIMIT ${LOOK_BACK}
      ) done ORDER BY done.at DESC LIMIT ${LOOK_BACK}
    ) e
  ) AS events
FROM own o WHERE o.id IS NOT NULL`;
});

/** Answers what a step asks about the user's group of a type, in one statement. */
export async function groupHistory(pool: Pool, id: string, question: GroupQuestion): Promise<GroupHistory> {
  const { type, until, members, since } = question;
  const values = { id, type, until, wantsMembers: members !== null, memberTraits: members ?? [] };
  const { rows } = await pool.query<Row>(
    QUESTION({ ...values, names: Object.keys(since), since: Object.values(since) }),
  );
  const [row] = rows;
  return {
    type,
    until,
    members,
    since,
    group: row ? { id: row.id, traits: row.traits ?? {} } : null,
    found: row?.members ?? [],
    asked: askedFrom(row?.events ?? [], since),
  };
}

/**
 * SQL: what all others said about the groups that a user was ever said to belong to, as a JSON array in the order of receipt. It is
 * slow for many calls.
 * @param user SQL: the user's id
 */
export const saidByOthers = (user: string): string => `(
  SELECT json_agg(
    json_build_object('groupId', said.group_id, 'receivedAt', said.received_at, 'properties', said.properties)
    ORDER BY said.received_at, said.at
  )
  FROM (
    SELECT DISTINCT group_type(e.properties) AS type, e.properties ->> 'groupId' AS id
    FROM events e WHERE e.user_id = ${user} AND e.name = 'Group' AND e.type = 'group'
  ) own CROSS JOIN LATERAL (
    (
      SELECT own.id AS group_id, e.at, e.received_at, e.properties - 'groupId' AS properties
      FROM events e
      WHERE e.type = 'group' AND group_type(e.properties) = own.type AND e.properties ->> 'groupId' = own.id AND e.user_id <> ${user}
      ORDER BY e.at DESC, e.id DESC LIMIT ${CALLS}
    )
    UNION ALL
    SELECT own.id, g.at, g.received_at, jsonb_build_object('groupType', g.type, g.trait, g.value)
    FROM group_traits g WHERE g.type = own.type AND g.group_id = own.id
  ) said
)`;

/**
 * Keeps what a user said about groups, for a transaction that erases the user. What a group is known for does not go with one of
 * its members, except for a value that is the member's own id, name or address.
 */
export const KEEP_GROUP_TRAITS = `
INSERT INTO group_traits (type, group_id, trait, value, at, received_at)
SELECT DISTINCT ON (group_type(e.properties), e.properties ->> 'groupId', said.key)
  group_type(e.properties), e.properties ->> 'groupId', said.key, said.value, e.at, e.received_at
FROM events e JOIN users u ON u.id = e.user_id, jsonb_each(e.properties - '{groupId,groupType}'::text[]) AS said
WHERE e.user_id = :userId AND e.name = 'Group' AND e.type = 'group'
  AND said.value <> ALL (ARRAY(
    SELECT own.value FROM jsonb_each(u.traits || jsonb_build_object('id', u.id)) AS own
    WHERE own.key IN ('id', 'email', 'phone', 'name', 'firstName', 'lastName')
  ))
ORDER BY group_type(e.properties), e.properties ->> 'groupId', said.key, e.at DESC, e.id DESC
ON CONFLICT (type, group_id, trait) DO UPDATE SET value = excluded.value, at = excluded.at, received_at = excluded.received_at
WHERE (excluded.at, excluded.received_at) > (group_traits.at, group_traits.received_at)`;
