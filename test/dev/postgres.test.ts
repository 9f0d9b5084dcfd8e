import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../dev/port';
import { ensureDatabase, query, startPostgres } from '../../dev/postgres';
import { ensureCluster, findBinaries } from '../../dev/postgres-cluster';
import { SetupError } from '../../dev/setup-error';
import { inTemporaryFolder } from '../support/folder';
import { rig } from '../support/rig';

const start = async (folder: string) => startPostgres({ folder, preferredPort: await freePort() });

test('a second start keeps the data and the password of the first', () =>
  inTemporaryFolder(async (folder) => {
    const first = await start(folder);
    await ensureDatabase(first, 'kept');
    await query(first.url('kept'), 'CREATE TABLE kept AS SELECT 1 AS id');
    await first.stop();
    const second = await start(folder);
    await ensureDatabase(second, 'kept');
    await expect(query(second.url('kept'), 'SELECT id FROM kept')).resolves.toBe(1);
    expect(new URL(second.url('kept')).password).toBe(new URL(first.url('kept')).password);
    await second.stop();
  }));

test('after a power failure the server starts again with all committed data', () =>
  inTemporaryFolder(async (folder) => {
    const first = await start(folder);
    await query(first.url('postgres'), 'CREATE TABLE kept AS SELECT 1 AS id');
    await first.kill();
    // The stale lock names a process id that now belongs to another program of the same user.
    const other = new Client(rig().postgres);
    await other.connect();
    const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    writeFileSync(join(folder, 'postgres', 'postmaster.pid'), `${rows[0]?.pid}\n${folder}\n0\n${first.port}\n`);
    const second = await start(folder);
    await expect(query(second.url('postgres'), 'SELECT id FROM kept')).resolves.toBe(1);
    await second.stop();
    await other.end();
  }));

test('a second server on the same data is refused with a remedy', () =>
  inTemporaryFolder(async (folder) => {
    const first = await start(folder);
    const refusal = start(folder);
    await expect(refusal).rejects.toThrow(SetupError);
    await expect(refusal).rejects.toThrow('DATABASE_URL');
    await expect(query(first.url('postgres'), 'SELECT 1')).resolves.toBe(1);
    await first.stop();
  }));

test('a lock that a power failure left empty does not keep the server from starting', () =>
  inTemporaryFolder(async (folder) => {
    await (await start(folder)).stop();
    writeFileSync(join(folder, 'postgres', 'postmaster.pid'), '');
    await (await start(folder)).stop();
  }));

test('a password that the database refuses ends the start at once, with a remedy', () =>
  inTemporaryFolder(async (folder) => {
    await (await start(folder)).stop();
    rmSync(join(folder, 'kept.json'));
    const refusal = start(folder);
    await expect(refusal).rejects.toThrow(SetupError);
    await expect(refusal).rejects.toThrow(/does not accept the password in .*kept\.json.*Put .* back/);
    expect(existsSync(join(folder, 'postgres', 'postmaster.pid'))).toBe(false);
  }));

test('a data folder that cannot be created causes an error with what PostgreSQL says', () =>
  inTemporaryFolder(async (folder) => {
    const data = join(folder, 'postgres');
    const account = { owner: null, prefix: ['sh', '-c', 'echo No space left on device >&2; exit 1', '--'] };
    expect(() => ensureCluster(findBinaries(), account, data, 'a password')).toThrow(/initdb failed: No space left/);
    expect(existsSync(data)).toBe(false);
  }));

test('data of another major version is refused with a remedy', () =>
  inTemporaryFolder(async (folder) => {
    await (await start(folder)).stop();
    writeFileSync(join(folder, 'postgres', 'PG_VERSION'), '9\n');
    await expect(start(folder)).rejects.toThrow(/PostgreSQL 9, expected \d+.*DATABASE_URL/);
  }));
