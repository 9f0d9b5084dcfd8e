import { up } from '../../migrations/0020_experiments_across_merges';
import { journey } from '../../engine/authoring/journey';
import { lifecycle } from '../../engine/authoring/lifecycle';
import { replayLife } from '../../engine/compare/life';
import type { Definitions } from '../../engine/definitions/definitions';
import { compile } from '../../engine/outline/compile';
import { orderPlaced, projectCreated, unrestrained } from '../../engine/testing/properties/catalogue';
import { findLife } from '../../store/lives';
import { mergeUsers } from '../../store/merge-users';
import { testDatabase, type TestDatabase } from '../support/database';
import { VirtualUser } from '../support/virtual-user';

const DAY = 86_400_000;
const PEOPLE = Array.from({ length: 12 }, (_, n) => n);

let db: TestDatabase;
let definitions: Definitions;
beforeAll(async () => {
  db = await testDatabase();
  const testing = journey('testing', { enter: orderPlaced, reenter: 'always' }, async (j) => {
    await j.experiment('tone', { friendly: 1, brief: 1, formal: 1 });
    await j.sleep('a day', '1 day');
  });
  const other = journey('other', { enter: projectCreated }, async (j) => j.sleep('a day', '1 day'));
  const stages = lifecycle({ initial: 'new', rules: [] });
  definitions = await compile({ journeys: [testing, other], lifecycle: stages, ...unrestrained, traits: {} });
});
afterAll(() => db.drop());

let events = 0;
async function does(id: string, name: string, day: number): Promise<void> {
  const at = day * DAY;
  await new VirtualUser(db, id, definitions).receive({
    id: String(++events),
    name,
    at,
    receivedAt: at,
    properties: { orderId: 'o', name: 'p' },
  });
}
const becomes = (previousId: string, userId: string, day: number): Promise<unknown> =>
  mergeUsers(db.pool, [{ previousId, userId }], 'users', day * DAY);

/** The variants of a user, in the order in which they were assigned. */
async function variantsOf(user: string): Promise<unknown[]> {
  const { rows } = await db.pool.query<{ variant: string }>(
    `SELECT record ->> 'outcome' AS variant FROM runs, jsonb_array_elements(body -> 'journal') AS record
     WHERE user_id = $1 AND record ->> 'kind' = 'experiment' ORDER BY entered_at`,
    [user],
  );
  return rows.map(({ variant }) => variant);
}
const alike = ([first]: readonly unknown[], times: number): unknown[] => Array.from({ length: times }, () => first);

test('a visitor who signs up keeps their variant: in the run in progress, and in later ones', async () => {
  for (const n of PEOPLE) {
    const [visitor, user] = [`anon:new ${n}`, `new ${n}`];
    await does(visitor, 'Order Placed', 1);
    await becomes(visitor, user, 1.5);
    await does(user, 'Order Placed', 5);
    await does(user, 'Order Placed', 9);
    const variants = await variantsOf(user);
    expect(variants).toEqual(alike(variants, 3));
  }
});

test('a user who was in no experiment goes on with the variant of the visitor, even with a lifecycle of their own', async () => {
  for (const n of PEOPLE) {
    const [visitor, user] = [`anon:known ${n}`, `known ${n}`];
    await does(user, 'Project Created', 1);
    await does(visitor, 'Order Placed', 2);
    await becomes(visitor, user, 3);
    await does(user, 'Order Placed', 5);
    const variants = await variantsOf(user);
    expect(variants).toEqual(alike(variants, 2));
  }
});

test('a user who was in an experiment keeps their variant when they sign in elsewhere', async () => {
  for (const n of PEOPLE) {
    const [visitor, user] = [`anon:elsewhere ${n}`, `elsewhere ${n}`];
    await does(user, 'Order Placed', 1);
    await does(visitor, 'Order Placed', 2);
    await becomes(visitor, user, 3);
    await does(user, 'Order Placed', 5);
    const [first, , last] = await variantsOf(user);
    expect(last).toBe(first);
  }
});

test('a chain of ids keeps the variant of the first', async () => {
  for (const n of PEOPLE) {
    await does(`anon:chain ${n}`, 'Order Placed', 1);
    await becomes(`anon:chain ${n}`, `chain ${n}`, 2);
    await becomes(`chain ${n}`, `chain's end ${n}`, 3);
    await does(`chain's end ${n}`, 'Order Placed', 5);
    const variants = await variantsOf(`chain's end ${n}`);
    expect(variants).toEqual(alike(variants, 2));
  }
});

test('a replay of a merged user assigns the variants that were assigned', async () => {
  for (const n of PEOPLE) {
    const life = await findLife(db, `new ${n}`);
    if (!life) throw new Error('There is no such user.');
    const { runs } = await replayLife(life, definitions, 20 * DAY);
    expect(runs.map(({ journal }) => journal[0]?.outcome)).toEqual(await variantsOf(`new ${n}`));
  }
});

test('visitors in experiments of an older release keep their variants too', async () => {
  for (const n of PEOPLE) await does(`anon:older ${n}`, 'Order Placed', 1);
  await db.knex.raw("UPDATE users SET memory = memory - 'assignedAs'");
  await up(db.knex);
  for (const n of PEOPLE) {
    await becomes(`anon:older ${n}`, `older ${n}`, 2);
    await does(`older ${n}`, 'Order Placed', 5);
    const variants = await variantsOf(`older ${n}`);
    expect(variants).toEqual(alike(variants, 2));
  }
});
