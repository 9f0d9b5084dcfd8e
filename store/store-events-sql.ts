import { NEVER_SEEN, resolvedId } from './aliases';
import { changesIn } from './ingest-changes';
import { historyIn } from './ingest-history';
import { KNOWN, LEFT_OUT } from './ingest-known-users';
import { namesIn } from './ingest-names';
import type { Content, IngestValues } from './ingest-values';
import { prepared, type Query } from './sql';
import { insertStarts } from './start-queue';
import { CHANGES } from './stored-journeys';
import { traitsFit, zoneIn } from './traits';

/** SQL: the traits to merge into those of a known user: without the context if a later activity is stored, or if it says nothing new. */
const NEW_TRAITS = `CASE
      WHEN NOT excluded.traits ? 'fromContext' THEN excluded.traits
      WHEN excluded.last_seen_at < u.last_seen_at OR (u.traits -> 'fromContext') @> (excluded.traits -> 'fromContext')
        THEN excluded.traits - 'fromContext'
      ELSE excluded.traits
    END`;

const TOO_LARGE =
  '(SELECT jsonb_agg(i.ordinality - 1 ORDER BY i.ordinality) FROM item i JOIN too_large USING (user_id, message_id))';

// Single values are looked up by scalar subqueries where EXISTS would read better. PostgreSQL may answer an EXISTS by hashing the
// whole table, and keeps doing so with a generic plan that it made while there were few users.
function ingestStatement(
  name: string,
  { traits, visitors, narrowed, changes, forgets, ofKnownUsers, history }: Content,
): (values: IngestValues) => Query {
  const names = namesIn(narrowed);
  const withNarrowed = (part: string): string => (narrowed ? part : '');
  const withTraits = (part: string): string => (traits ? part : '');
  // A parameter that the text does not use would have no type.
  const inTraits = (param: () => string): string => (traits ? param() : '');
  const withVisitors = (part: string): string => (visitors ? part : '');
  const unlessMerging = (and: string): string => withVisitors(`${and} (SELECT merges FROM visitor) IS NULL`);
  return prepared<IngestValues>(name, (param) => {
    const change = changes ? changesIn(param) : null;
    // In another time zone, a wait for a time of day may end at another instant.
    const movesZone =
      (): string => `u.wake_at > ${param.receivedAt} AND excluded.traits ?| '{timezone,timeZone,fromContext}'
        AND ${zoneIn(`merge_traits(u.traits, ${NEW_TRAITS})`)} IS DISTINCT FROM ${zoneIn('u.traits')}`;
    const past = history ? historyIn(param, { traits, movesZone }) : null;
    const withForgotten = (part: string): string => (forgets ? part : '');
    const columns = `user_id, message_id, type, name, at, received_at, properties, active, pending${withForgotten(', forget_at, forget_next')}${past ? ', history' : ''}`;
    return `
WITH ${ofKnownUsers ? 'call' : 'item'} AS (
  -- The calls of the batch in their order, each under the id its user is stored under.
  SELECT
    ${resolvedId('i.user_id')} AS user_id,
    i.message_id, i.type, i.type IN ('track', 'page', 'screen') AS awaitable, i.name, i.at, i.active, i.properties, i.ordinality
    ${withTraits(', i.traits::jsonb AS traits, i.context::jsonb AS context')} ${withVisitors(', i.anonymous_id')}
    ${withNarrowed(', i.known_as')} ${withForgotten(', i.forget_at::jsonb AS forget_at, i.forget_next')}${past?.item ?? ''}
  FROM ROWS FROM (
    unnest(${param.userIds}::text[]), unnest(${param.messageIds}::text[]), unnest(${param.types}::text[]),
    unnest(${param.names}::text[]), unnest(${param.times}::bigint[]), unnest(${param.active}::boolean[]),
    jsonb_array_elements(${param.properties}::jsonb)
    ${traits ? `, unnest(${param.traits}::text[]), unnest(${param.contexts}::text[])` : ''}
    ${visitors ? `, unnest(${param.anonymousIds}::text[])` : ''}
    ${narrowed ? `, unnest(${param.knownAs}::text[])` : ''}
    ${forgets ? `, unnest(${param.forgetAt}::text[]), unnest(${param.forgetNext}::bigint[])` : ''}
    ${past?.parameters ?? ''}
  ) WITH ORDINALITY AS i (
    user_id, message_id, type, name, at, active, properties
    ${withTraits(', traits, context')} ${withVisitors(', anonymous_id')} ${withNarrowed(', known_as')}
    ${withForgotten(', forget_at, forget_next')}${past?.columns ?? ''}, ordinality
  )
)${ofKnownUsers ? KNOWN : ''}${withVisitors(`, visitor AS (
  -- Anonymous profiles that exist, or would exist by this batch, with the user each is first named with. They have to be merged
  -- first, and until then nothing is stored: otherwise the events of the user would be decided without the runs and history of the
  -- visitor.
  SELECT jsonb_agg(jsonb_build_object('previousId', anonymous_id, 'userId', user_id)) AS merges FROM (
    SELECT DISTINCT ON (anonymous_id) anonymous_id, user_id,
      (SELECT u.id FROM users u WHERE u.id = i.anonymous_id) IS NOT NULL OR anonymous_id IN (SELECT user_id FROM item) AS exists
    FROM item i WHERE anonymous_id IS NOT NULL ORDER BY anonymous_id, ordinality
  ) AS first_named WHERE exists AND anonymous_id <> user_id
)`)}${withTraits(`, given AS (
  -- Calls with traits that are not stored yet. The traits of a stored call are not merged again: newer ones may have come since.
  SELECT DISTINCT ON (user_id, message_id) user_id, message_id, traits, ordinality FROM item i
  WHERE traits IS NOT NULL ${unlessMerging('AND')} AND (
    SELECT e.message_id FROM events e WHERE e.user_id = i.user_id AND e.message_id = i.message_id
  ) IS NULL
  ORDER BY user_id, message_id, ordinality
), refused AS (
  -- Users whose traits would become too large. Their calls with traits are not stored; everything else of the batch is.
  SELECT g.user_id FROM (SELECT user_id, merge_traits(traits ORDER BY ordinality) AS traits FROM given GROUP BY user_id) g
  WHERE NOT ${traitsFit("coalesce((SELECT u.traits FROM users u WHERE u.id = g.user_id), '{}')", 'g.traits')}
), too_large AS (SELECT user_id, message_id FROM given JOIN refused USING (user_id)), fresh AS (
  SELECT * FROM given g WHERE NOT EXISTS (SELECT FROM refused r WHERE r.user_id = g.user_id)
)`)}${change?.found ?? ''}${past?.before ?? ''}, person AS (
  -- Inserts or locks the users, in the order of their ids, so that two batches can't deadlock.
  INSERT INTO users AS u (id, created_at, last_seen_at, awaiting ${withTraits(', traits')}${past?.insertedColumns ?? withTraits(', wake_at')})
  SELECT
    i.user_id, min(at),
    -- Without any activity in the batch: a millisecond before its first event. This is how the update below recognizes the case.
    coalesce(max(at) FILTER (WHERE active), min(at) - 1),
    -- The names in the batch, and '*' for any activity: the update below compares them with what the user awaits. In the row of a
    -- new user they have no meaning, because the engine does not know the user yet.
    coalesce(${names.all('awaitable')}, '{}') || CASE WHEN bool_or(active) THEN '{*}'::text[] END ${change ? `|| ${change.names}` : ''}
    ${withTraits(`, coalesce(merge_traits(f.traits ORDER BY i.ordinality) FILTER (WHERE f.traits IS NOT NULL), '{}')
      || coalesce(merge_traits(i.context ORDER BY i.at, i.ordinality) FILTER (WHERE i.context IS NOT NULL), '{}')`)}
    ${
      past?.inserted ??
      withTraits(`,
    -- A date lets users enter without any event, and the calendar everyone. So traits can make a user known to the engine.
    CASE WHEN bool_or(f.traits ?| ${inTraits(() => param.dates)}::text[] OR (${inTraits(() => param.hasCalendar)} AND f.traits IS NOT NULL))
      THEN ${param.receivedAt}::bigint END`)
    }
  FROM item i ${withTraits('LEFT JOIN fresh f ON f.ordinality = i.ordinality')} ${past?.joined ?? ''}
  ${unlessMerging('WHERE')} GROUP BY i.user_id ORDER BY i.user_id
  ON CONFLICT (id) DO UPDATE SET
    -- The new version makes a concurrent save of the engine fail, and load again. So either that save sees an event, or the event
    -- is stored by what that save left as awaited.
    version = u.version + 1,
    created_at = ${past?.createdAt ?? `CASE WHEN u.last_seen_at = ${NEVER_SEEN} THEN excluded.created_at ELSE u.created_at END`},
    last_seen_at = CASE
      WHEN excluded.last_seen_at < excluded.created_at AND u.last_seen_at <> ${NEVER_SEEN} THEN u.last_seen_at
      ELSE greatest(u.last_seen_at, excluded.last_seen_at)
    END,
    ${withTraits(`
    -- Another request may have made the traits larger since the start of this one, so they are weighed again.
    traits = CASE
      WHEN ${NEW_TRAITS} = '{}' THEN u.traits
      WHEN ${traitsFit('u.traits', NEW_TRAITS)} THEN merge_traits(u.traits, ${NEW_TRAITS})
      WHEN ${traitsFit('u.traits', "excluded.traits - 'fromContext'")} THEN merge_traits(u.traits, excluded.traits - 'fromContext')
      ELSE u.traits
    END,`)}
    ${
      past?.sets ??
      withTraits(`
    -- A user with a deadline who is in another time zone now is woken.
    wake_at = CASE
      WHEN ${inTraits(movesZone)} THEN ${param.receivedAt}
      WHEN excluded.wake_at IS NOT NULL AND (u.memory IS NULL OR EXISTS (
        SELECT FROM unnest(${inTraits(() => param.dates)}::text[]) AS date (name)
        WHERE excluded.traits ? date.name AND excluded.traits -> date.name IS DISTINCT FROM u.traits -> date.name
      )) THEN least(u.wake_at, excluded.wake_at)
      ELSE u.wake_at
    END,`)
    }
    -- What a user awaits is valid until an awaited name comes or their deadline passes, and again after the engine's next save.
    -- History is awaited by nobody.
    awaiting_version = CASE
      WHEN ${past ? 'false' : `${names.awaited('u', param.version)} && excluded.awaiting`} OR u.wake_at <= ${param.receivedAt} THEN '' ELSE u.awaiting_version
    END
  RETURNING id, memory IS NOT NULL AS known,
    -- If what the user awaits is not valid, or comes from other definitions, any event that a journey reacts to may matter too.
    CASE
      WHEN awaiting_version = ${param.version} THEN ${names.valid}
      WHEN memory IS NULL THEN ${narrowed ? param.reactsToExactly : param.reactsTo}::text[]
      ELSE awaiting || ${param.reactsTo}::text[]
    END AS awaiting,
    -- The user was left waiting for something, so their workflow most likely runs.
    asleep
    ${withTraits(`, coalesce(wake_at = ${param.receivedAt}, false) AS due`)} ${change?.returned ?? ''} ${past?.returned ?? ''}
), stored AS (
  -- Joins the rows that person returned, so that the events are stored under the locks of their users. A stored event is left as it
  -- is.
  INSERT INTO events (${columns})
  ${change ? `SELECT ${columns} FROM (` : ''}
  SELECT
    i.user_id, i.message_id, i.type, i.name, i.at, ${past ? 'p.imported_at' : `${param.receivedAt}::bigint`}, i.properties, i.active,
    -- If the stored journeys have changed and the caller's definitions are older, every event may matter. A call that is no event
    -- of its own, such as identify, can only be awaited as activity ('*'), and only by a user the engine knows; or its traits make
    -- the user due.
    ${past ? 'false AND ' : ''}CASE
      WHEN i.awaitable THEN ${names.isAwaited} OR ${CHANGES} > ${param.changes}
      ELSE i.active AND p.known AND ('*' = ANY (p.awaiting) OR ${CHANGES} > ${param.changes})
        ${withTraits('OR (p.due AND i.traits IS NOT NULL)')}
    END ${withForgotten(', i.forget_at, i.forget_next')} ${past ? ', true' : ''} ${change ? ', i.ordinality, 0' : ''}
  FROM item i JOIN person p ON p.id = i.user_id
  ${withTraits('WHERE NOT EXISTS (SELECT FROM too_large t WHERE t.user_id = i.user_id AND t.message_id = i.message_id)')}
  ${change ? `UNION ALL ${change.rows(`${CHANGES} > ${param.changes}`, withForgotten(', NULL::jsonb, NULL::bigint'))}) AS row (${columns}, ordinality, n) ORDER BY ordinality, n` : 'ORDER BY i.ordinality'}
  ON CONFLICT (user_id, message_id) DO NOTHING
  RETURNING id, user_id, message_id, name, pending
)${past?.after ?? ''}, queued AS (
  -- A user without a running workflow needs one.
  ${insertStarts(
    `SELECT s.user_id, min(s.id) AS n FROM stored s JOIN person p ON p.id = s.user_id
     WHERE s.pending AND NOT p.asleep GROUP BY s.user_id`,
  )}
)
SELECT
  (SELECT count(*) FROM stored ${change ? `WHERE ${change.isOfBatch}` : ''}) AS stored,
  (
    SELECT jsonb_agg(jsonb_build_object(
      'userId', s.user_id, 'id', s.id::text, 'name', s.name, 'workflow', CASE WHEN p.asleep THEN 'running' ELSE 'queued' END
    ) ORDER BY s.id)
    FROM stored s JOIN person p ON p.id = s.user_id WHERE s.pending
  ) AS pending,
  ${visitors ? '(SELECT merges FROM visitor)' : 'NULL'} AS merges,
  ${traits ? TOO_LARGE : 'NULL'} AS "tooLarge",
  ${ofKnownUsers ? '(SELECT count(*) = 0 FROM item)' : 'false'} AS "isOfNobody",
  ${ofKnownUsers ? LEFT_OUT : 'NULL'} AS "leftOut"
  -- If another transaction stored a call with traits while this statement waited for the user, the whole statement is tried again.
  ${withTraits(', (SELECT CASE WHEN count(*) > count(stored.id) THEN try_again() END FROM fresh LEFT JOIN stored USING (user_id, message_id))')}
  ${change?.checked ?? ''}`;
  });
}

const statements = new Map<string, (values: IngestValues) => Query>();

/** The statement that stores a batch with this content. It is made once, and prepared under one name. */
export function ingestFor(content: Content): (values: IngestValues) => Query {
  const { traits, visitors, narrowed, changes, forgets, ofKnownUsers, history } = content;
  const parts = { traits, visitors, narrowed, changes, forgets, ofKnownUsers, history };
  const name = ['ingest', ...Object.entries(parts).flatMap(([part, isIn]) => (isIn ? [part] : []))].join('-');
  const known = statements.get(name) ?? ingestStatement(name, content);
  statements.set(name, known);
  return known;
}
