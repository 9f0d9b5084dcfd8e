import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startChild, untilReady } from '../../dev/child';
import { freePort, isFree } from '../../dev/port';
import { inTemporaryFolder } from '../support/folder';
import { until } from '../support/until';

test('a child ends when its parent is killed, and frees its port', () =>
  inTemporaryFolder(async (folder) => {
    const port = await freePort();
    const args = ['--import', 'tsx', join(__dirname, 'fixtures', 'parent.ts'), String(port), join(folder, 'log')];
    const parent = spawn(process.execPath, args, { stdio: 'inherit' });
    await until('the child listens', async () => !(await isFree(port)));
    parent.kill('SIGKILL');
    await until('the child has ended', () => isFree(port));
  }));

test('a child that ends before it is ready causes an error with the end of its log', () =>
  inTemporaryFolder(async (folder) => {
    const child = startChild({ command: 'sh', args: ['-c', 'echo no luck; exit 3'], logFile: join(folder, 'log') });
    const ready = untilReady(child, 'never', () => Promise.resolve(false));
    await expect(ready).rejects.toThrow(/code 3[^]*no luck/);
  }));

test('a program that does not exist causes an error', () =>
  inTemporaryFolder(async (folder) => {
    const child = startChild({ command: '/nonexistent/program', args: [], logFile: join(folder, 'log') });
    await expect(untilReady(child, 'never', () => Promise.resolve(false))).rejects.toThrow('/nonexistent/program');
  }));
