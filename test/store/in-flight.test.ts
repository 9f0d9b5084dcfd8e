import fc from 'fast-check';
import type { InFlightSummary } from '../../engine/preview/in-flight';
import { previewInFlight } from '../../store/in-flight';
import type { Plan } from '../engine/plan';
import { apply, edits } from '../engine/random-edit';
import { plans, type Ingredients } from '../engine/random-journey';
import { BEGIN, deeds, define } from '../engine/random-life';
import { testDatabase, type TestDatabase } from '../support/database';
import { VirtualUser } from '../support/virtual-user';

const INGREDIENTS: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'Start', 'A', 'A counted', 'stage idle'],
};
const HOUR_MS = 3_600_000;
const IDENTIFY = { id: 'identify', type: 'identify', name: 'Identify', at: BEGIN - 1, receivedAt: BEGIN - 1 } as const;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('for random journeys, lives and edits the preview counts exactly what is then stored', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(plans('first', INGREDIENTS), plans('second', INGREDIENTS)),
      fc.array(edits(INGREDIENTS), { minLength: 1, maxLength: 3 }),
      fc.array(deeds(8), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 12 * 24 }),
      async (before, changes, lives, hours) => {
        const definitions = await define(before);
        const edited = await define(
          changes.reduce<readonly Plan[]>((old, edit, count) => old.map((plan) => apply(plan, edit, count)), before),
        );
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

        const earlier = await stored();
        const preview = await previewInFlight(database.pool, edited, { now: () => now });
        expect(await stored()).toEqual(earlier);
        const inside = new Set(earlier.runs.filter(isOpen).map(({ user_id }) => user_id));
        for (const { user } of people) if (inside.has(user.id)) await user.advance(now, edited);
        expect(predicted(preview)).toEqual(seen(earlier, await stored()));
        expect(preview.people).toBe(inside.size);
      },
    ),
    { numRuns: 40 },
  ));

interface StoredRun {
  readonly id: string;
  readonly user_id: string;
  readonly journey: string;
  readonly status: string;
  readonly position: string | null;
}

interface Stored {
  readonly runs: readonly StoredRun[];
  readonly messages: readonly { readonly id: string; readonly status: string; readonly until: number | null }[];
}

async function stored(): Promise<Stored> {
  const runs = await database.pool.query<StoredRun>(
    'SELECT id, user_id, journey, status, position FROM runs ORDER BY id',
  );
  const messages = await database.pool.query<Stored['messages'][number]>(
    `SELECT m.id, m.status,
       jsonb_path_query_first(r.body, '$.journal[*] ? (@.status == "waiting" && @.kind == "send").until')::bigint AS until
     FROM messages m JOIN runs r ON r.id = m.run_id ORDER BY m.id`,
  );
  return { runs: runs.rows, messages: messages.rows };
}

function isOpen({ status }: StoredRun): boolean {
  return status === 'active' || status === 'failed';
}

function predicted({ totals, rows }: InFlightSummary): object {
  const places = rows.flatMap(({ change, journey, to, count }) =>
    ['stays', 'moves', 'enters'].includes(change) && to !== null
      ? Array.from({ length: count }, () => `${journey}: ${to}`)
      : [],
  );
  return { ends: totals.ends, parked: totals.parked, released: totals.released, places: places.sort() };
}

function seen(before: Stored, after: Stored): object {
  const wasOpen = new Set(before.runs.filter(isOpen).map(({ id }) => id));
  const was = new Map(before.messages.map((message) => [message.id, JSON.stringify(message)]));
  const released = after.messages.filter((message) => {
    const goesOut = message.status === 'sending' || message.status === 'held';
    const sentBefore = JSON.parse(was.get(message.id) ?? '{}') as { status?: string };
    return goesOut && sentBefore.status !== 'sending' && was.get(message.id) !== JSON.stringify(message);
  });
  return {
    ends: after.runs.filter((run) => wasOpen.has(run.id) && !isOpen(run)).length,
    parked: after.runs.filter(({ status }) => status === 'failed').length,
    released: released.length,
    places: after.runs
      .filter(({ status }) => status === 'active')
      .map(({ journey, position }) => `${journey}: ${position ?? ''}`)
      .sort(),
  };
}
