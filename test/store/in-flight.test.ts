import fc from 'fast-check';
import type { Definitions } from '../../engine/definitions';
import type { InFlightSummary } from '../../engine/preview/in-flight';
import { previewInFlight } from '../../store/in-flight';
import { ingest } from '../../store/ingest';
import { loadAndDecide } from '../../store/state-decide';
import { saveUser } from '../../store/state-save';
import type { Plan } from '../engine/plan';
import { apply, edits } from '../engine/random-edit';
import { plans, type Ingredients } from '../engine/random-journey';
import { BEGIN, deeds, define, type Deed } from '../engine/random-life';
import { testDatabase, type TestDatabase } from '../support/database';

const INGREDIENTS: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'Start', 'A', 'A counted', 'stage idle'],
};
const HOUR_MS = 3_600_000;

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
        const people = lives.map((life, index) => ({ id: `person-${index}`, life }));
        for (const { id, life } of people) await live(id, life, definitions, now);

        const earlier = await stored();
        const preview = await previewInFlight(database.pool, edited, { now: () => now });
        expect(await stored()).toEqual(earlier);
        const inside = new Set(earlier.runs.filter(isOpen).map(({ user_id }) => user_id));
        for (const id of inside) await advance(id, edited, now);
        expect(predicted(preview)).toEqual(seen(earlier, await stored()));
        expect(preview.people).toBe(inside.size);
      },
    ),
    { numRuns: 40 },
  ));

async function live(id: string, life: readonly Deed[], definitions: Definitions, until: number): Promise<void> {
  for (const { name, at, receivedAt, properties, id: messageId } of life) {
    if (receivedAt >= until) break;
    await pass(id, definitions, receivedAt - 1);
    const event = {
      userId: id,
      messageId,
      type: 'track' as const,
      name,
      at,
      active: true,
      traits: JSON.stringify({ email: `${id}@example.com` }),
      properties: JSON.stringify(properties),
      anonymousId: null,
    };
    const { pending } = await ingest(database, definitions, { events: [event], aliases: [], receivedAt });
    if (pending.length > 0) await advance(id, definitions, receivedAt);
  }
  await pass(id, definitions, until - 1);
}

async function pass(id: string, definitions: Definitions, end: number): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query<{ wake_at: number | null }>('SELECT wake_at FROM users WHERE id = $1', [
      id,
    ]);
    const wakeAt = rows[0]?.wake_at ?? null;
    if (wakeAt === null || wakeAt > end) return;
    await advance(id, definitions, wakeAt);
  }
}

async function advance(id: string, definitions: Definitions, now: number): Promise<void> {
  const decided = await loadAndDecide({ pool: database.pool, definitions, now: () => now }, id);
  if (!decided) throw new Error(`${id} is not stored.`);
  expect(await saveUser(database.pool, decided.loaded, decided.advanced, 1)).toBe(true);
}

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
