import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../../dev/folder-lock';
import { processStart } from '../../dev/process-start';
import { SetupError } from '../../dev/setup-error';
import { inTemporaryFolder } from '../support/folder';

/** The id of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('of many that want a folder at once, one gets it, and all others are told which process has it', () =>
  inTemporaryFolder(async (folder) => {
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toHaveLength(9);
    for (const error of refused) {
      expect(error).toBeInstanceOf(SetupError);
      expect(String(error)).toContain(`already runs in ${folder}, as process ${process.pid}`);
    }
    expect(readdirSync(folder)).toEqual(['lock']);
  }));

test('a folder that was given free can be had again', () =>
  inTemporaryFolder(async (folder) => {
    await (await lockFolder(folder)).stop();
    expect(readdirSync(folder)).toEqual([]);
    await (await lockFolder(folder)).stop();
  }));

test.each([
  ['a process that has ended', async () => JSON.stringify({ pid: await endedProcess(), started: 'some time' })],
  ['a process whose id another one has now', async () => JSON.stringify({ pid: process.pid, started: 'earlier' })],
  ['nobody, after a power failure', async () => ''],
])('the lock of %s is taken over, by one only', (_, content) =>
  inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'lock'), await content());
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['lock']);
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  }),
);

test('giving a folder free does not take it from who has it by now', () =>
  inTemporaryFolder(async (folder) => {
    const lock = await lockFolder(folder);
    const other = JSON.stringify({ pid: 1, started: processStart(1) });
    writeFileSync(join(folder, 'lock'), other);
    await lock.stop();
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(other);
  }));

test('a process has one start, and one that has ended has none', async () => {
  expect(processStart(process.pid)).toBe(processStart(process.pid));
  expect(processStart(process.pid)).not.toBe(processStart(process.ppid));
  expect(processStart(await endedProcess())).toBeNull();
});
