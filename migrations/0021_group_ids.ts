import type { Knex } from 'knex';

const GROUP_IDS = `
CREATE FUNCTION group_ids(
  ids text[], size int[], previous int[], target int[], named_ids text[], named boolean[], causes text[],
  users_too boolean, visitor_prefix text, most_ids int,
  OUT members text[], OUT roots text[], OUT ranks int[], OUT refused text[]
) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  -- For each position in ids: the user it is merged into (0 for none), the member of its group that follows (0 for none), and the
  -- last member of its group.
  parent int[] := array_fill(0, ARRAY[cardinality(ids)]);
  next int[] := parent;
  tail int[] := ARRAY(SELECT generate_series(1, cardinality(ids)));
  root int;
  hop int;
  following int;
  rank int;
  filled int := 0;
BEGIN
  members := '{}';
  roots := '{}';
  ranks := '{}';
  refused := causes;
  -- Goes through the pairs in their order, without touching a table: who is merged into whom in the end. Each group lists its
  -- members in the order in which merging pair by pair would prefer what they have.
  FOR i IN 1 .. cardinality(previous) LOOP
    CONTINUE WHEN previous[i] = 0 OR refused[i] IS NOT NULL;
    root := target[i];
    WHILE parent[root] > 0 LOOP
      root := parent[root];
    END LOOP;
    -- Later look-ups go straight to the user, so that a long chain of ids is not followed again and again.
    hop := target[i];
    WHILE parent[hop] > 0 LOOP
      following := parent[hop];
      parent[hop] := root;
      hop := following;
    END LOOP;
    hop := previous[i];
    IF named[i] AND named_ids[i] <> ids[root] THEN
      refused[i] := 'known user';
    ELSIF hop = root OR named_ids[i] = ids[root] OR parent[hop] > 0 THEN
      CONTINUE;
    ELSIF NOT users_too AND starts_with(ids[root], visitor_prefix) THEN
      refused[i] := 'visitor';
    ELSIF size[root] + size[hop] - 1 > most_ids THEN
      refused[i] := 'too many ids';
    ELSE
      parent[hop] := root;
      size[root] := size[root] + size[hop];
      next[tail[root]] := hop;
      tail[root] := tail[hop];
    END IF;
  END LOOP;
  FOR i IN 1 .. cardinality(ids) LOOP
    CONTINUE WHEN parent[i] > 0 OR next[i] = 0;
    hop := i;
    rank := 0;
    WHILE hop > 0 LOOP
      filled := filled + 1;
      members[filled] := ids[hop];
      roots[filled] := ids[i];
      ranks[filled] := rank;
      rank := rank + 1;
      hop := next[hop];
    END LOOP;
  END LOOP;
END
$$`;

/**
 * Creates a function that decides who is merged into whom in the end. It touches no table, and takes hardly longer for a chain of
 * ids than for as many separate pairs.
 *
 * - `ids` are the users concerned, and `size` is how many ids each has. `previous` and `target` are the pairs: positions in `ids`, or
 *   0 for a pair that is left alone. `named_ids` are the names the caller used for the previous ids, `named` tells which of them are
 *   those of users, and `causes` why a pair is refused already.
 * - `members` are the users of all groups, each with the user that stays in `roots`. `ranks` order the members of a group: where
 *   several have the same thing, that of the lowest rank is kept. The user that stays has rank 0. `refused` has the causes of all
 *   pairs that are not merged.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(GROUP_IDS);
}

/** Drops what `up` created. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP FUNCTION group_ids');
}
