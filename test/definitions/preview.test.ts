import fc from 'fast-check';
import type { JsonObject } from '../../engine/model/json';
import { toDefinition, withoutCalls } from '../../engine/testing/properties/defined-plan';
import type { Node, Plan } from '../../engine/testing/properties/plan';
import { apply, edits } from '../../engine/testing/properties/random-edit';
import { plans, type Ingredients } from '../../engine/testing/properties/random-journey';
import { foretold, happened, inFlightState, type InFlightState } from '../support/in-flight';
import { until } from '../support/until';
import { startDefinitionStack, type DefinitionStack } from './stack';

let stack: DefinitionStack;
beforeAll(async () => {
  stack = await startDefinitionStack();
  await stack.startWorker();
  await stack.startWorker();
});
afterAll(() => stack.stop());

type Foretold = Parameters<typeof foretold>[0];

/** What the API predicts that a definition does to users in the journey. */
async function preview(id: string, definition: JsonObject): Promise<Foretold> {
  const { inFlight } = await stack.admin('POST', `/v1/journeys/${id}/preview`, definition);
  const { rows } = inFlight as unknown as { rows: Foretold };
  return rows.map((row) => ({ ...row, journey: id }));
}

/** The version of the definitions that workers decide by. */
async function release(): Promise<string> {
  const { rows } = await stack.database.pool.query<{ version: string }>(
    'SELECT version FROM releases ORDER BY seq DESC LIMIT 1',
  );
  return rows[0]?.version ?? '';
}

/** Waits until nothing is pending, and every user in the journey has been advanced since a version was replaced. */
async function settled(id: string, replaced: string | null = null): Promise<InFlightState> {
  await until(`nothing happens any more in ${id}`, async () => {
    const { rowCount } = await stack.database.pool.query(
      `SELECT FROM users u JOIN runs r ON r.user_id = u.id AND r.journey = $1
       WHERE r.status IN ('active', 'failed') AND u.memory ->> 'version' = $2
         OR u.wake_at <= $3
         OR EXISTS (SELECT FROM events e WHERE e.user_id = u.id AND e.pending)
         OR EXISTS (SELECT FROM messages m WHERE m.user_id = u.id AND m.status IN ('queued', 'sending', 'retrying'))`,
      [id, replaced, Date.now()],
    );
    return rowCount === 0;
  });
  return inFlightState(stack.database.pool, id);
}

test('publishing an edit with users at every step does what its preview says', async () => {
  const mail = (step: string): JsonObject => ({
    kind: 'send',
    step,
    messages: [{ channel: 'email', template: 'hello' }],
  });
  const wait = (step: string, more: JsonObject = {}): JsonObject => ({
    kind: 'waitFor',
    step,
    events: [`${step} over`],
    within: '90 days',
    ...more,
  });
  const names = ['Begun', 'first over', 'second over', 'third over', 'fourth over', 'Left'];
  const definition = (...steps: JsonObject[]): JsonObject => ({
    enter: { kind: 'event', event: 'Begun' },
    exit: ['Left'],
    events: Object.fromEntries(names.map((name) => [name, { example: {} }])),
    steps,
  });
  await stack.admin(
    'PUT',
    '/v1/journeys/visit',
    definition(
      mail('welcome'),
      wait('first'),
      mail('one'),
      wait('second'),
      wait('third'),
      mail('three'),
      wait('fourth'),
    ),
  );
  await stack.publish('visit');
  const people: Record<string, number> = { first: 3, second: 2, third: 4, fourth: 1 };
  for (const [place, count] of Object.entries(people)) {
    const way = Object.keys(people).slice(0, Object.keys(people).indexOf(place));
    for (let person = 0; person < count; person++) {
      const user = stack.newUser();
      await stack.tell(user, 'Begun');
      for (const step of way) await stack.tell(user, `${step} over`);
      await until(`somebody is in ${place}`, async () => (await stack.run(user))?.position === place);
    }
  }
  const left = stack.newUser();
  await stack.tell(left, 'Begun');
  await stack.tell(left, 'Left');
  await until('somebody has left', async () => (await stack.run(left))?.status === 'exited');
  const before = await settled('visit');
  const replaced = await release();

  // A new first step, an overdue wait with a message after it, a removed wait, and a message at the end.
  const edited = definition(
    mail('new'),
    mail('welcome'),
    wait('first', { within: '1 millisecond' }),
    mail('one'),
    wait('third', { within: '80 days' }),
    mail('three'),
    { kind: 'sleep', step: 'rest', duration: '2 days' },
    mail('last'),
  );
  await stack.admin('PUT', '/v1/journeys/visit', edited);
  const rows = await preview('visit', edited);
  await stack.publish('visit');
  const after = await settled('visit', replaced);
  expect(happened(before, after)).toEqual(foretold(rows));
  expect(foretold(rows)).toEqual({
    ends: 0,
    parked: 0,
    places: [...Array<string>(9).fill('visit: third'), 'visit: rest'].sort(),
    released: Array<string>(3).fill('one: email'),
    suppressed: [],
    skips: Array<string>(10).fill('new'),
  });
});

const INGREDIENTS: Ingredients = { effects: true, unbounded: false, triggers: ['Start'] };
const DECLARED = Object.fromEntries(['Start', 'A', 'B', 'C', 'Quit'].map((name) => [name, { example: {} }]));

/** Removes the steps after an exit, which no path reaches. */
function reached(steps: readonly Node[]): readonly Node[] {
  const end = steps.findIndex(({ kind }) => kind === 'exit');
  return (end < 0 ? steps : steps.slice(0, end + 1)).map((node) =>
    'then' in node ? { ...node, then: reached(node.then), otherwise: reached(node.otherwise) } : node,
  );
}

/** Turns a plan into a definition, which rarely has defects. Every message is a mail. */
function asDefinition(plan: Plan): JsonObject {
  const { steps, ...rest } = withoutCalls(plan);
  const exit = plan.exit.filter((name) => name !== '*');
  const definition = toDefinition({ ...rest, exit, goal: null, keyed: false, reenter: 'never', steps: reached(steps) });
  return JSON.parse(
    JSON.stringify({ ...definition, events: DECLARED }, (key, value: unknown) =>
      key === 'messages' ? [{ channel: 'email', template: 'hello' }] : value,
    ),
  ) as JsonObject;
}

/** Saves a draft. False if it has defects after all. */
function kept(id: string, definition: JsonObject): Promise<boolean> {
  return stack.admin('PUT', `/v1/journeys/${id}`, definition).then(
    () => true,
    () => false,
  );
}

const deeds = fc.array(fc.constantFrom('A', 'A', 'B', 'C', 'Quit'), { maxLength: 6 });

test('for random journeys, users and edits, publishing an edit does what its preview says', () => {
  let count = 0;
  return fc.assert(
    fc.asyncProperty(
      plans('random', INGREDIENTS),
      fc.array(edits(INGREDIENTS), { minLength: 1, maxLength: 3 }),
      fc.array(deeds, { minLength: 2, maxLength: 5 }),
      fc.boolean(),
      async (plan, changes, lives, finish) => {
        const id = `random-${++count}`;
        const edited = changes.reduce((old, edit, index) => apply(old, edit, index), plan);
        const next = { ...asDefinition(edited), ...(finish && { version: 'finish' }) };
        fc.pre((await kept(id, next)) && (await kept(id, asDefinition(plan))));
        await stack.publish(id);
        for (const life of lives) {
          const user = stack.newUser();
          for (const name of ['Start', ...life]) await stack.tell(user, name);
        }
        await until('everyone is inside', async () => {
          const { runs } = await inFlightState(stack.database.pool, id);
          return runs.length === lives.length;
        });
        const before = await settled(id);
        const replaced = await release();
        const rows = await preview(id, next);
        await stack.admin('PUT', `/v1/journeys/${id}`, next);
        await stack.publish(id);
        const after = await settled(id, replaced);
        expect(happened(before, after)).toEqual(foretold(rows));
        await stack.admin('POST', `/v1/journeys/${id}/archive`);
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
});
