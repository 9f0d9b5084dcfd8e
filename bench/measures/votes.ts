import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Pool } from 'pg';
import { signUserToken } from '../../config/tokens';
import type { Report } from '../../dev/report';
import { short, type Figure } from '../figure';
import type { PageUser } from '../open-pages';
import { monotonicMs } from '../part';
import { many } from '../people';
import type { Rig } from '../rig';
import type { Side } from '../side';
import { median } from '../stats';

const ROUNDS = 5;
/** Votes in a round, each of another user. */
const VOTES = 1_000;
const AT_ONCE = 16;
const OPTIONS = ['red', 'green', 'blue'] as const;

const DELIVER = `INSERT INTO messages (id, user_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at, sent_at, content)
SELECT id, user_id, 'bench', 'bench', 'inApp', 'bench', 'sent', true, '{}', $3::bigint, $3::bigint + 3600000, $3::bigint, $4
FROM unnest($1::uuid[], $2::text[]) AS m (id, user_id)`;

/** A poll written by hand: a table of votes and a counter for each option, in one statement. */
const TABLES = `CREATE TABLE bare_votes (poll text, user_id text, value text, PRIMARY KEY (poll, user_id));
CREATE TABLE bare_results (poll text, value text, votes int NOT NULL, PRIMARY KEY (poll, value))`;
const VOTE = `WITH cast_vote AS (INSERT INTO bare_votes VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1)
INSERT INTO bare_results AS r SELECT $1, $3, 1 FROM cast_vote ON CONFLICT (poll, value) DO UPDATE SET votes = r.votes + 1`;

/**
 * Compares votes in a poll through the API with votes that an app writes into tables of its own, in alternating rounds. A vote through
 * the API is also an event that journeys can await.
 * @throws {Error} when the results are not exactly the votes
 */
export async function measureVotes({ ours }: Rig, report: Report): Promise<Figure[]> {
  const bare = new Pool({ connectionString: ours.databaseUrl, max: AT_ONCE });
  await bare.query(TABLES);
  const rounds: { readonly api: number; readonly byHand: number }[] = [];
  for (let n = 0; n <= ROUNDS; n++)
    rounds.push({ api: await viaApi(ours, `poll-${n}`), byHand: await byHand(bare, `poll-${n}`) });
  await bare.end();
  // The first round warms up.
  const [, ...measured] = rounds;
  const api = short(median(measured.map((round) => round.api)));
  const hand = short(median(measured.map((round) => round.byHand)));
  const ratios = measured.map((round) => round.api / round.byHand);
  report(`votes: ${api} a second, by hand ${hand}`);
  return [
    {
      name: 'votes_vs_insert',
      value: median(ratios),
      range: [Math.min(...ratios), Math.max(...ratios)],
      unit: '×',
      note: `${api} against ${hand} votes/s, ${AT_ONCE} at once, by HTTP against plain SQL; all counted exactly`,
    },
  ];
}

/** Lets new users vote by their messages. Returns the votes per second. */
async function viaApi(side: Side, poll: string): Promise<number> {
  const { pool, port, secret } = side;
  const ids = Array.from({ length: VOTES }, () => randomUUID());
  await pool.query(
    'INSERT INTO users (id, created_at, last_seen_at) SELECT id, 0, 0 FROM unnest($1::text[]) AS u (id)',
    [ids],
  );
  const content = {
    kind: 'poll',
    title: 'Which one?',
    poll,
    options: OPTIONS.map((value) => ({ value, label: value })),
  };
  // A message has the id of its user, which is a UUID too.
  await pool.query(DELIVER, [ids, ids, Date.now(), JSON.stringify(content)]);
  const users = await Promise.all(ids.map(async (id) => ({ id, token: await signUserToken(secret, id, 3_600_000) })));
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const rate = await rateOf(users, (user, value) => answer(agent, port, user, value));
  agent.destroy();
  const { rows } = await pool.query<{ total: number }>(
    'SELECT sum(votes)::int AS total FROM poll_results WHERE poll = $1',
    [poll],
  );
  requireExact(rows[0]?.total);
  return rate;
}

/** Lets as many vote in the tables of the app. Returns the votes per second. */
async function byHand(bare: Pool, poll: string): Promise<number> {
  const users = Array.from({ length: VOTES }, () => ({ id: randomUUID(), token: '' }));
  const rate = await rateOf(users, async ({ id }, value) => {
    await bare.query({ name: 'vote', text: VOTE, values: [poll, id, value] });
  });
  const { rows } = await bare.query<{ total: number }>(
    'SELECT sum(votes)::int AS total FROM bare_results WHERE poll = $1',
    [poll],
  );
  requireExact(rows[0]?.total);
  return rate;
}

function requireExact(total = 0): void {
  if (total !== VOTES) throw new Error(`Expected ${VOTES} votes, counted ${total}.`);
}

async function rateOf(
  users: readonly PageUser[],
  vote: (user: PageUser, value: string) => Promise<void>,
): Promise<number> {
  const left = [...users];
  const begun = monotonicMs();
  await many(users.length, AT_ONCE, async () => {
    const user = left.pop();
    if (user) await vote(user, OPTIONS[left.length % OPTIONS.length] ?? 'red');
  });
  return (users.length * 1_000) / (monotonicMs() - begun);
}

/** Answers the message of a user. */
function answer(agent: Agent, port: number, { id, token }: PageUser, value: string): Promise<void> {
  const body = JSON.stringify({ value });
  const headers = {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  };
  const path = `/v1/inbox/${id}/answer`;
  return new Promise((resolve, reject) => {
    const call = request({ method: 'POST', host: '127.0.0.1', port, path, agent, headers }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.on('end', () =>
        statusCode < 300
          ? resolve()
          : reject(new Error(`POST ${path}: expected a status below 300, got ${statusCode}`)),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}
