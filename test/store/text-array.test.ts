import fc from 'fast-check';
import { textArray } from '../../store/text-array';
import { openDatabase, type Database } from '../../store/database';
import { testDatabase, type TestDatabase } from '../support/database';

let db: TestDatabase;
let database: Database;
beforeAll(async () => {
  db = await testDatabase();
  database = openDatabase(db.url);
});
afterAll(async () => {
  await database.close();
  await db.drop();
});

test('PostgreSQL reads an array of any texts as it was given', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', 'NULL', 'null', '"', '\\', '\\"', '{}', '{a,b}', ',', ' a ', '\n'),
  );
  const property = fc.asyncProperty(fc.array(fc.option(text)), async (values) => {
    const storable = values.map((value) => value?.replaceAll('\0', '') ?? null);
    const { rows } = await database.pool.query('SELECT to_json($1::text[]) AS read', [textArray(storable)]);
    expect(rows).toEqual([{ read: storable }]);
  });
  await fc.assert(property, { numRuns: 200 });
});
