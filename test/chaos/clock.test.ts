import { report } from './support/account';
import { cast, live } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { shiftClock } from './support/shifted-clock';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 20;
const HOUR_MS = 3_600_000;

let deployment: Deployment;
let setRight: () => void;

// The API runs in this process.
beforeEach(async () => {
  setRight = shiftClock(HOUR_MS);
  deployment = await deploy();
});
afterEach(async () => {
  await deployment.stop();
  setRight();
});

/** Instants in the database that lie ahead of the database's clock, by table and column. */
async function future(): Promise<object> {
  const { rows } = await deployment.database.pool.query<Record<string, number>>(
    `WITH present AS (SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms)
     SELECT (SELECT count(*) FROM events, present WHERE at > ms OR received_at > ms) AS events,
       (SELECT count(*) FROM messages, present WHERE decided_at > ms OR sent_at > ms) AS messages,
       (SELECT count(*) FROM runs, present WHERE entered_at > ms OR ended_at > ms) AS runs,
       (SELECT count(*) FROM users, present WHERE last_seen_at > ms OR relayed_at > ms OR (memory ->> 'watermark')::bigint > ms) AS users`,
  );
  return rows[0] ?? {};
}

test('with clocks an hour ahead, nothing is decided early, and nothing is stored in the future', async () => {
  const people = cast(LIFECYCLES);
  await deployment.startWorker({ clockAheadMs: HOUR_MS });
  await live(deployment, people);
  expect(await future()).toEqual({ events: 0, messages: 0, runs: 0, users: 0 });
  const { rows } = await deployment.database.pool.query<{ early: number }>(
    `SELECT count(*) AS early FROM messages w JOIN messages n ON n.run_id = w.run_id AND n.step = 'nudge'
     WHERE w.step = 'welcome' AND n.decided_at < w.decided_at + 5000`,
  );
  expect(rows).toEqual([{ early: 0 }]);
  const counts = await expectExactlyOnce(deployment, people);
  report('clocks an hour ahead', { lifecycles: LIFECYCLES, ...counts });
});
