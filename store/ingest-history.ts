import { CONSENT_EVENTS } from '../engine/model/consent';
import { NEVER_SEEN } from './aliases';
import type { IngestValues } from './ingest-values';
import type { Placeholders } from './sql';
import { TRAITS_OF_CHANNELS } from './suppressions';

/*
 * Imported history wakes nobody, so the row of its user has to say when to look at them: before time alone can change anything about
 * them. Another process may commit an import while the engine decides. So the instant of an import grows from statement to statement for
 * each user, under the lock of their row, and the engine misses none of it.
 */

/** What the ingest statement knows of its batch. */
interface Past {
  /** Whether any call has traits or a context. */
  readonly traits: boolean;
  /** SQL: whether a wait of a known user may end at another instant, because these calls move them to another time zone. */
  readonly movesZone: () => string;
}

/** SQL about history, for the ingest statement. Its batch has nothing but history. */
export interface HistoryInSql {
  /** Parameters of the calls, with a comma before them. */
  readonly parameters: string;
  /** The columns of these in a call, and in `item`. */
  readonly columns: string;
  readonly item: string;
  /** Queries before `person`, each with a comma before it. */
  readonly before: string;
  /** What a new user is inserted with besides: when to look at them, by which version, when they were imported, and their consent. */
  readonly insertedColumns: string;
  readonly inserted: string;
  /** What these are read from, joined to `item AS i`. */
  readonly joined: string;
  /** What is set for a known user besides. */
  readonly sets: string;
  /** When a known user was created. */
  readonly createdAt: string;
  /** What `person` returns besides. */
  readonly returned: string;
  /** Queries after `stored`, each with a comma before it. */
  readonly after: string;
}

/** @param param the placeholders of the statement */
export function historyIn(param: Placeholders<IngestValues>, { traits, movesZone }: Past): HistoryInSql {
  return {
    parameters: `, unnest(${param.lookAt}::bigint[]), unnest(${param.consents}::text[])`,
    columns: ', look_at, consent',
    item: ', i.look_at, i.consent::jsonb AS consent',
    before: `, said AS (
  -- The imported answers that count, by call. The statement stores only new calls, and only they say anything. An answer without a time
  -- of its own is as old as its call if it is a yes. A no might be newer than that, so it counts as given now.
  SELECT ordinality, jsonb_object_agg(channel, agrees) AS consent,
    jsonb_object_agg(channel, jsonb_build_object('agrees', agrees, 'at', at)) AS answers
  FROM (
    SELECT DISTINCT ON (i.user_id, a.channel) i.ordinality, a.channel, a.agrees, t.at
    FROM (SELECT DISTINCT ON (user_id, message_id) * FROM item ORDER BY user_id, message_id, ordinality) i,
      LATERAL jsonb_each(i.consent -> 'channels') AS a (channel, agrees),
      LATERAL (
        SELECT coalesce((i.consent ->> 'at')::bigint, CASE WHEN a.agrees = 'false' THEN ${param.receivedAt}::bigint ELSE i.at END) AS at
      ) t
    WHERE i.consent IS NOT NULL
      AND (SELECT e.message_id FROM events e WHERE e.user_id = i.user_id AND e.message_id = i.message_id) IS NULL
      ${traits ? 'AND NOT EXISTS (SELECT FROM too_large l WHERE l.user_id = i.user_id AND l.message_id = i.message_id)' : ''}
    -- The latest answer holds. Of two at the same time, the no does.
    ORDER BY i.user_id, a.channel, t.at DESC, a.agrees
  ) AS latest GROUP BY ordinality
)`,
    insertedColumns: ', wake_at, look_version, imported_at, consent, imported_consent',
    inserted: `, min(i.look_at), ${param.version}, ${param.receivedAt}::bigint,
    coalesce(merge_traits(said.consent ORDER BY i.ordinality) FILTER (WHERE said.consent IS NOT NULL), '{}'),
    coalesce(merge_traits(said.answers ORDER BY i.ordinality) FILTER (WHERE said.answers IS NOT NULL), '{}')`,
    joined: 'LEFT JOIN said ON said.ordinality = i.ordinality',
    // `look_version` stays: the times of earlier imports are those of that version.
    sets: `wake_at = ${traits ? `CASE WHEN u.memory IS NOT NULL AND ${movesZone()} THEN ${param.receivedAt} ELSE least(u.wake_at, excluded.wake_at) END` : 'least(u.wake_at, excluded.wake_at)'},
    imported_at = greatest(excluded.imported_at, u.imported_at + 1),
    -- An answer that was given here stays. It is one that no import has left as it is.
    (consent, imported_consent) = (
      SELECT u.consent || coalesce(jsonb_object_agg(channel, given.answer -> 'agrees'), '{}'),
        u.imported_consent || coalesce(jsonb_object_agg(channel, given.answer), '{}')
      FROM jsonb_each(excluded.imported_consent) AS given (channel, answer), LATERAL (SELECT u.imported_consent -> channel) AS former (answer)
      WHERE NOT u.consent ? channel OR (
        former.answer -> 'agrees' = u.consent -> channel
        AND ((given.answer ->> 'at')::bigint, given.answer -> 'agrees' = 'false') >= ((former.answer ->> 'at')::bigint, former.answer -> 'agrees' = 'false')
      )
    ),`,
    createdAt: `CASE WHEN u.last_seen_at = ${NEVER_SEEN} THEN excluded.created_at ELSE least(u.created_at, excluded.created_at) END`,
    returned: ', imported_at, consent AS agreed, u.traits AS all_traits',
    after: `, answer AS (
  -- What new calls say of consent. It is kept as events, which tell when and where it was given.
  SELECT s.user_id, s.message_id, p.imported_at, p.agreed, p.all_traits, i.at, i.consent, a.channel, a.agrees
  FROM stored s JOIN item i USING (user_id, message_id) JOIN person p ON p.id = s.user_id,
    LATERAL jsonb_each(i.consent -> 'channels') AS a (channel, agrees)
  WHERE i.consent IS NOT NULL
), answer_event AS (
  INSERT INTO events (user_id, message_id, type, name, at, received_at, properties, active, pending, history)
  SELECT user_id, 'sojourn:consent:' || channel || ':' || message_id, 'consent',
    CASE WHEN agrees = 'true' THEN '${CONSENT_EVENTS.given}' ELSE '${CONSENT_EVENTS.unsubscribed}' END,
    coalesce((consent ->> 'at')::bigint, at), imported_at,
    jsonb_strip_nulls(jsonb_build_object('channel', channel, 'source', consent -> 'source')), false, false, true
  FROM answer ON CONFLICT DO NOTHING
), opted_out AS (
  -- A no to a channel with an address also holds for the address, whoever's profile it stands in.
  INSERT INTO suppressed_addresses (channel, address, cause, at)
  SELECT DISTINCT way.channel, channel_address_key(way.channel, all_traits ->> way.trait), 'opted out', ${param.receivedAt}::bigint
  FROM answer JOIN ${TRAITS_OF_CHANNELS} ON way.channel = answer.channel
  WHERE agreed -> way.channel = 'false' AND jsonb_typeof(all_traits -> way.trait) = 'string'
  ON CONFLICT DO NOTHING
)`,
  };
}
