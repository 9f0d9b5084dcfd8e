import { createInbox } from '../../store/inbox';
import { testDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query(`INSERT INTO users (id, created_at, last_seen_at) VALUES ('ada', 0, 0)`);
});
afterAll(() => database.drop());

const RUN = '00000000-0000-4000-8000-000000000001';

async function deliver(id: number, decidedAt: number, content: object): Promise<void> {
  await database.pool.query(
    `INSERT INTO messages (id, user_id, run_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at, sent_at, content)
     VALUES ($1, 'ada', $2, 'order-updates', $3, 'inApp', 'order', 'sent', true, '{}', $4, 1000, $4, $5)`,
    [`00000000-0000-4000-8000-00000000010${id}`, RUN, `step ${id}`, decidedAt, JSON.stringify(content)],
  );
}

test('the inbox shows a progress card once: in its latest state, or the furthest one of several decided at the same time', async () => {
  await deliver(1, 10, { kind: 'progress', progress: 0.25 });
  await deliver(2, 20, { kind: 'progress', progress: 0.5 });
  await deliver(3, 20, { kind: 'progress', progress: 0.75 });
  await deliver(4, 5, { kind: 'banner' });
  const inbox = await createInbox(database).list('ada', 100);
  expect(inbox.map(({ step }) => step)).toEqual(['step 3', 'step 4']);
});
