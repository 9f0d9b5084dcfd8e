import type { Pool } from 'pg';

/** The tables that grow with users. `owner` is the column with the user id, `changes` the columns a copied row must change. */
export const COPIES = {
  users: { owner: 'id', changes: `jsonb_build_object('id', o.id || '-' || n)` },
  events: { owner: 'user_id', changes: `jsonb_build_object('user_id', o.user_id || '-' || n)` },
  runs: { owner: 'user_id', changes: `jsonb_build_object('user_id', o.user_id || '-' || n, 'id', gen_random_uuid())` },
  messages: {
    owner: 'user_id',
    changes: `jsonb_build_object('user_id', o.user_id || '-' || n, 'id', gen_random_uuid())`,
  },
} as const;

/** Copies the rows of these users, each `times` times, under new ids. It is much faster than to let as many users sign up. */
export async function copyUsers(pool: Pool, ids: readonly string[], times: number): Promise<void> {
  for (const [table, { owner, changes }] of Object.entries(COPIES))
    await pool.query(
      `INSERT INTO ${table} OVERRIDING SYSTEM VALUE
       SELECT copy.* FROM ${table} o CROSS JOIN generate_series(1, $1::int) n
       CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, to_jsonb(o) || ${changes}) copy
       WHERE o.${owner} = ANY ($2::text[])`,
      [times, ids],
    );
  await pool.query('ANALYZE');
}
