/** SQL: leaves out the calls of users who do not exist, for the ingest statement. */
export const KNOWN = `, known AS (
  -- The users are locked, in the order in which they are locked below: an erasure that is under way is waited for, and one that comes
  -- later waits for this statement.
  SELECT u.id FROM (SELECT DISTINCT user_id FROM call ORDER BY user_id) c
  CROSS JOIN LATERAL (SELECT id FROM users WHERE id = c.user_id FOR NO KEY UPDATE) u
), item AS (SELECT call.* FROM call JOIN known ON known.id = call.user_id)`;

/** SQL: the ids of these users, as one text that is the same for the same users. */
export const LEFT_OUT =
  '(SELECT jsonb_agg(user_id ORDER BY user_id)::text FROM (SELECT user_id FROM call EXCEPT SELECT user_id FROM item) left_out)';
