import fc from 'fast-check';
import { lifecycle, policy } from '../../engine';
import { staticDefinitions, type DefinitionsProvider } from '../../engine/definitions/definitions';
import type { JsonObject } from '../../engine/model/json';
import { RECEIPTS } from '../../engine/model/message-receipt';
import { compile } from '../../engine/outline/compile';
import { SuppressedAddresses } from '../../engine/testing/suppressed-addresses';
import { changeConsent } from '../../store/consent';
import { recordReceipts } from '../../store/receipts';
import { loadUser } from '../../store/state-load';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
let definitions: DefinitionsProvider;
beforeAll(async () => {
  db = await testDatabase();
  const sources = { journeys: [], lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
  definitions = staticDefinitions(await compile(sources));
});
afterAll(() => db.drop());

const DAY = 86_400_000;
const CHANNELS = ['email', 'sms', 'push'] as const;

/** A receipt of a message of one of two people, or their consent to its channel. */
const happens = fc.record({
  afterMs: fc.integer({ min: 1, max: 6 * DAY }),
  person: fc.integer({ min: 0, max: 1 }),
  channel: fc.oneof({ weight: 6, arbitrary: fc.constant('email' as const) }, fc.constantFrom(...CHANNELS)),
  message: fc.integer({ min: 0, max: 3 }),
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constant('soft bounce' as const) },
    fc.constantFrom('bounced', 'complained', 'delivered', 'opened', 'agrees'),
  ),
});

test('the test kit knows the same of addresses as the store, whatever is reported', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happens, { maxLength: 20 }), fc.boolean(), async (all, isShared) => {
      run += 1;
      const kit = new SuppressedAddresses();
      const people = [0, 1].map((n) => {
        const address = `${run}-${isShared ? 0 : n}`;
        return { id: `${run}-${n}`, traits: { email: ` A${address}@example.com`, phone: `+49 ${address}` } };
      });
      const messageId = (person: number, channel: number, message: number): string =>
        `00000000-0000-4000-8000-${String(run).padStart(6, '0')}000${person}${channel}${message}`;
      await db.knex('users').insert(people.map((one) => ({ ...one, created_at: 0, last_seen_at: 0 })));
      await db.knex('messages').insert(
        people.flatMap(({ id }, person) =>
          CHANNELS.flatMap((channel, place) =>
            [0, 1, 2, 3].map((message) => ({
              ...{ id: messageId(person, place, message), user_id: id, journey: 'daily', step: `day ${message}` },
              ...{ channel, template: 'day', status: 'sent', transactional: false, data: {}, decided_at: 0 },
              expires_at: 1,
            })),
          ),
        ),
      );
      let at = 1;
      for (const { afterMs, person, channel, message, what } of all) {
        at += afterMs;
        const holder = people[person] ?? { id: '', traits: {} };
        if (what === 'agrees') {
          const change = { userId: holder.id, answers: { [channel]: true }, at, alsoAsAlias: false };
          await changeConsent(db, definitions, { ...change, origin: { source: 'api' } });
          kit.forget(holder, channel);
          continue;
        }
        const id = messageId(person, CHANNELS.indexOf(channel), message);
        const [kind, permanent] = what === 'soft bounce' ? (['bounced', false] as const) : ([what, true] as const);
        await recordReceipts(db, definitions, [{ messageId: id, kind, permanent, at }], at);
        const properties: JsonObject = { message: id, channel, ...(kind === 'bounced' && { permanent }) };
        kit.note(holder, RECEIPTS[kind], properties, at);
      }
      for (const holder of people) {
        const loaded = await loadUser(db.pool, definitions.current, holder.id);
        expect(kit.of(holder).suppressed).toEqual(loaded?.state.reach.suppressed);
      }
    }),
    { numRuns: 100 },
  );
});
