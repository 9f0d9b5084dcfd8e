import type { Knex } from 'knex';
import { MERGE_IDS as BEFORE } from './0047_imported_users';

/**
 * The answers of several members of a merge about topics: an opt-out of any wins, from a topic or from a channel of it, and so does the
 * rarer frequency. A yes of one counts if the other's is not confirmed yet.
 */
const MERGE_TOPICS = `
CREATE FUNCTION merge_topics(answers jsonb[]) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(one.topic, jsonb_strip_nulls(jsonb_build_object(
    'standing', CASE
      WHEN 'out' = ANY (one.standings) THEN 'out' WHEN 'in' = ANY (one.standings) THEN 'in'
      WHEN 'pending' = ANY (one.standings) THEN 'pending'
    END,
    'channels', (
      SELECT jsonb_object_agg(c.channel, c.agrees) FROM (
        SELECT given.channel, bool_and(given.agrees = 'true') AS agrees
        FROM unnest(answers) AS a (answer), jsonb_each(a.answer -> one.topic -> 'channels') AS given (channel, agrees)
        GROUP BY given.channel
      ) c
    ),
    'frequency', CASE WHEN 'weekly' = ANY (one.frequencies) THEN 'weekly' WHEN 'all' = ANY (one.frequencies) THEN 'all' END
  ))), '{}')
  FROM (
    SELECT given.topic, array_agg(given.said ->> 'standing') AS standings, array_agg(given.said ->> 'frequency') AS frequencies
    FROM unnest(answers) AS a (answer), jsonb_each(a.answer) AS given (topic, said) GROUP BY given.topic
  ) one
$$`;

/** The columns of the people of a merge. */
const PEOPLE = 'p.traits, p.consent, p.created_at, p.last_seen_at,';

/** The end of what a merge sets of a profile. */
const PROFILE =
  "    consent = coalesce((SELECT jsonb_object_agg(a.channel, a.agrees) FROM answer a WHERE a.root = g.root), '{}')";

/** Anybody can name a visitor of their own, so what a visitor answered counts only if the visitor stands for the user. */
const TOPICS = `,
    topics = (
      SELECT merge_topics(array_agg(p.topics)) FROM person p WHERE p.root = g.root AND (users_too OR p.rank <= g.own_rank)
    )`;

/** The text of the function that merges users. */
export const MERGE_IDS = BEFORE.replace(PEOPLE, `p.traits, p.consent, p.topics, p.created_at, p.last_seen_at,`).replace(
  PROFILE,
  PROFILE + TOPICS,
);

/** Adds to users what they have answered about topics, and to messages their topic. Neither rewrites a row. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("ALTER TABLE users ADD COLUMN topics jsonb NOT NULL DEFAULT '{}'");
  await knex.raw('ALTER TABLE messages ADD COLUMN topic text');
  await knex.raw(MERGE_TOPICS);
  await knex.raw(MERGE_IDS);
}

/** Restores the former merge, and drops what `up` added. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(BEFORE);
  await knex.raw('DROP FUNCTION merge_topics');
  await knex.raw('ALTER TABLE messages DROP COLUMN topic');
  await knex.raw('ALTER TABLE users DROP COLUMN topics');
}
