import { compile } from '../../engine/outline/compile';
import fc from 'fast-check';
import { storedJourney } from '../../engine/json/assemble';
import { type Definitions } from '../../engine/definitions/definitions';
import type { JsonObject } from '../../engine/model/json';
import { previewInFlight } from '../../store/in-flight';
import { toDefinition, withoutCalls } from '../../engine/testing/properties/defined-plan';
import { EVENTS, plain, type Plan } from '../../engine/testing/properties/plan';
import { apply, edits, type Edit } from '../../engine/testing/properties/random-edit';
import { plans, type Ingredients } from '../../engine/testing/properties/random-journey';
import { BEGIN, deeds, define, type Deed } from '../../engine/testing/properties/random-life';
import { testDatabase, type TestDatabase } from '../support/database';
import { foretold, happened, inFlightState, isOpen } from '../support/in-flight';
import { VirtualUser } from '../support/virtual-user';

const INGREDIENTS: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'Start', 'A', 'A counted', 'stage idle', 'upgraded'],
};
const HOUR_MS = 3_600_000;
const IDENTIFY = { id: 'identify', type: 'identify', name: 'Identify', at: BEGIN - 1, receivedAt: BEGIN - 1 } as const;
const CATALOGUE = new Map(EVENTS.map((name) => [name, plain(name)]));

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const journeys = fc.tuple(plans('first', INGREDIENTS), plans('second', INGREDIENTS));
const changes = fc.array(edits(INGREDIENTS), { minLength: 1, maxLength: 3 });
const crowd = fc.array(deeds(8), { minLength: 1, maxLength: 4 });
const hoursLater = fc.integer({ min: 1, max: 12 * 24 });

function edit(before: readonly Plan[], list: readonly Edit[]): readonly Plan[] {
  return list.reduce<readonly Plan[]>((old, each, count) => old.map((plan) => apply(plan, each, count)), before);
}

/** Lets users live under definitions, and compares the preview of edited definitions with what is stored after the edit. */
async function compare(
  definitions: Definitions,
  edited: Definitions,
  lives: readonly (readonly Deed[])[],
  hours: number,
): Promise<void> {
  const now = BEGIN + hours * HOUR_MS + 30_000;
  await database.pool.query('DELETE FROM users');
  await database.pool.query('DELETE FROM events');
  const people = lives.map((life, index) => ({
    user: new VirtualUser(database, `person-${index}`, definitions),
    life,
  }));
  for (const { user, life } of people) {
    await user.receive({ ...IDENTIFY, properties: { email: 'ada@example.com' } });
    for (const deed of life.filter(({ receivedAt }) => receivedAt < now)) await user.receive(deed);
    await user.passUntil(now - 1);
  }

  const earlier = await inFlightState(database.pool);
  const preview = await previewInFlight(database.pool, edited, { now: () => now });
  expect(await inFlightState(database.pool)).toEqual(earlier);
  const inside = new Set(earlier.runs.filter(isOpen).map(({ user_id }) => user_id));
  for (const { user } of people) if (inside.has(user.id)) await user.advance(now, edited);
  expect(foretold(preview.rows)).toEqual(happened(earlier, await inFlightState(database.pool)));
  expect(preview.people).toBe(inside.size);
}

test('for random journeys, lives and edits, the preview counts exactly what is stored after the edit', () =>
  fc.assert(
    fc.asyncProperty(journeys, changes, crowd, hoursLater, async (before, list, lives, hours) =>
      compare(await define(before), await define(edit(before, list)), lives, hours),
    ),
    { numRuns: 40 },
  ));

test('the preview is just as exact for stored journeys, whichever version users finish on', () =>
  fc.assert(
    fc.asyncProperty(
      journeys.map((list) => list.map(withoutCalls)),
      changes,
      crowd,
      hoursLater,
      fc.boolean(),
      async (before, list, lives, hours, finish) => {
        const after = edit(before, list).map(withoutCalls);
        fc.pre([...before, ...after].every(({ steps }) => steps.length > 0));
        const rules = await define([]);
        const published = (count: number): Promise<Definitions> =>
          compile({
            ...rules,
            journeys: before.map((plan, index) => {
              const all = [plan, after[index] ?? plan].map((each, version) => ({
                version: version + 1,
                definition: JSON.parse(JSON.stringify(toDefinition(each))) as JsonObject,
                finish: finish && version > 0,
              }));
              return storedJourney({ id: plan.id, paused: false, versions: all.slice(0, count) }, CATALOGUE).journey;
            }),
          });
        await compare(await published(1), await published(2), lives, hours);
      },
    ),
    { numRuns: 40 },
  ));
