import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { report } from './support/account';
import { end, event, underWay } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { random, SEED } from './support/random';

/** An order starts a run for each of its parts, and waits until they are made. */
const ASSEMBLY = join(__dirname, 'assembly');
const PARTS = ['wheel', 'bell', 'saddle'];

const KILLS = 4;
const PEOPLE = ['ada', 'bob', 'cleo', 'dan'].map((name) => `${name}-${randomUUID()}`);
/** Orders of each person just before each kill. */
const ORDERS = 2;

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy({ journeysPath: ASSEMBLY })));
afterEach(() => deployment.stop());

test('workers killed at random times: each run is started once, and whoever started it is told of its end', async () => {
  const { database } = deployment;
  const chance = random(SEED);
  const workers = [await deployment.startWorker(), await deployment.startWorker()];
  let midway = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const orders = PEOPLE.flatMap((id) =>
      Array.from({ length: ORDERS }, (_, n) => event({ id }, 'Ordered', { order: `${id} ${kill}-${n}`, parts: PARTS })),
    );
    await deployment.post(chance.shuffled(orders));
    await pause(chance.between(0, 1_500));
    if ((await underWay(database)) > 0) midway++;
    const victim = chance.between(0, workers.length);
    await workers[victim]?.stop('SIGKILL');
    workers[victim] = await deployment.startWorker();
  }
  await end(deployment);

  const orders = PEOPLE.length * ORDERS * KILLS;
  expect(midway).toBeGreaterThan(0);
  expect(await deployment.count(`runs WHERE status <> 'completed'`)).toBe(0);
  expect(await deployment.count(`runs WHERE journey = 'order'`)).toBe(orders);
  // Each part of each order has one run, which that order has started.
  const { rows } = await database.pool.query<{ key: string; started: string[] }>(
    `SELECT o.key, array_agg(p.key ORDER BY p.key) AS started FROM runs o
     JOIN runs p ON p.journey = 'part' AND p.body -> 'startedBy' ->> 'run' = o.id::text WHERE o.journey = 'order' GROUP BY o.key`,
  );
  expect(rows).toHaveLength(orders);
  for (const { key, started } of rows) expect(started).toEqual(PARTS.map((part) => `${key} ${part}`).sort());
  expect(await deployment.count(`runs WHERE journey = 'part'`)).toBe(orders * PARTS.length);
  expect(
    await deployment.count(`runs WHERE journey = 'order' AND jsonb_array_length(body -> 'endings') = $1`, [
      PARTS.length,
    ]),
  ).toBe(orders);
  const { rows: credits } = await database.pool.query<{ id: string; points: number }>(
    `SELECT id, (memory ->> 'points')::int AS points FROM users ORDER BY id`,
  );
  const credit = ORDERS * KILLS * PARTS.length * 101;
  expect(credits).toEqual(PEOPLE.map((id) => ({ id, points: credit })));
  report('SIGKILL among starts', { seed: SEED, orders, kills: KILLS, 'kills with work in progress': midway });
});
