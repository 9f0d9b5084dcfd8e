import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabase } from '../support/database';
import { inTemporaryFolder } from '../support/folder';
import { sojourn } from './repository';

test('a list of addresses is imported, and what is exported can be imported elsewhere', () =>
  inTemporaryFolder(async (folder) => {
    const [here, there] = [await testDatabase(), await testDatabase()];
    const [list, exported] = [join(folder, 'list.csv'), join(folder, 'exported.csv')];
    writeFileSync(list, 'address,reason\nAda@Example.com,bounced\n"bo@example.com",\n');
    const on = (url: string, ...words: string[]): ReturnType<typeof sojourn> =>
      sojourn(['suppressions', ...words], { DATABASE_URL: url });
    expect(await on(here.url, 'import', list)).toMatchObject({ code: 0, stdout: '2 rows, 2 of them new.\n' });
    expect(await on(here.url, 'export', exported)).toMatchObject({ code: 0, stdout: '2 rows.\n' });
    expect(readFileSync(exported, 'utf8')).not.toContain('@');
    expect(await on(there.url, 'import', exported)).toMatchObject({ code: 0, stdout: '2 rows, 2 of them new.\n' });
    const { rows } = await there.pool.query(
      `SELECT cause FROM suppressed_addresses WHERE address IN (address_key('ada@example.com'), address_key('bo@example.com')) ORDER BY 1`,
    );
    expect(rows).toEqual([{ cause: 'bounced' }, { cause: 'opted out' }]);
    await Promise.all([here.drop(), there.drop()]);
  }));

test('nothing is imported of a file with a mistake, which is named with its line', () =>
  inTemporaryFolder(async (folder) => {
    const database = await testDatabase();
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'address,reason\nada@example.com,bounced\nbo@example.com,tired\n');
    const run = await sojourn(['suppressions', 'import', list], { DATABASE_URL: database.url });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('line 3: reason must be one of bounced, complained, opted out');
    expect(await database.knex('suppressed_addresses').select()).toEqual([]);
    await database.drop();
  }));

test('a file may name a channel of the team’s own, which a process of theirs has declared', () =>
  inTemporaryFolder(async (folder) => {
    const database = await testDatabase();
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'channel,address\nline,U123\n');
    const run = (): ReturnType<typeof sojourn> =>
      sojourn(['suppressions', 'import', list], { DATABASE_URL: database.url });
    expect((await run()).stderr).toContain('line 2: channel must be one of email, sms, voice, whatsApp');
    await database.knex('channel_traits').insert({ channel: 'line', trait: 'lineId' });
    expect(await run()).toMatchObject({ code: 0, stdout: '1 rows, 1 of them new.\n' });
    expect(await database.knex('suppressed_addresses').pluck('channel')).toEqual(['line']);
    await database.drop();
  }));
