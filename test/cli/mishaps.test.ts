import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '../../dev/port';
import { fromSource, ROOT, sojourn } from './repository';

test('an unreachable database is reported in one line on stderr, and stdout stays empty', async () => {
  const port = await freePort();
  const environment = { DATABASE_URL: `postgres://127.0.0.1:${port}/sojourn` };
  expect(await sojourn(['replay', 'ada'], environment)).toEqual({
    code: 1,
    stdout: '',
    stderr: `connect ECONNREFUSED 127.0.0.1:${port}\n`,
  });
});

test('a missing population file is reported in one line', async () => {
  const file = join('no', 'such.ts');
  const { code, stderr } = await sojourn(['simulate', '--people', '1', '--population', file], {});
  expect([code, stderr]).toEqual([
    1,
    `File not found: '${file}'. Expected a module that exports population(...) by default.\n`,
  ]);
});

test('closing the output early is not an error', async () => {
  const child = spawn(process.execPath, fromSource(['explore', '--json']), { cwd: ROOT });
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([code, stderr]).toEqual([0, '']);
});
