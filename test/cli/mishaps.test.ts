import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '../../dev/port';
import { fromSource, ROOT, sojourn } from './repository';

test('a database that is not there is said in a line, and where the report goes nothing is written', async () => {
  const port = await freePort();
  const environment = { DATABASE_URL: `postgres://127.0.0.1:${port}/sojourn` };
  expect(await sojourn(['replay', 'ada'], environment)).toEqual({
    code: 1,
    stdout: '',
    stderr: `connect ECONNREFUSED 127.0.0.1:${port}\n`,
  });
});

test('a population that is not there is said in a line', async () => {
  const file = join('no', 'such.ts');
  const { code, stderr } = await sojourn(['simulate', '--people', '1', '--population', file], {});
  expect([code, stderr]).toEqual([1, `There is no '${file}'.\n`]);
});

test('who reads only the begin of a report is told of no error', async () => {
  const child = spawn(process.execPath, fromSource(['explore', '--json']), { cwd: ROOT });
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([code, stderr]).toEqual([0, '']);
});
