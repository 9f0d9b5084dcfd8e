import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inTemporaryFolder } from '../support/folder';
import { until } from '../support/until';
import { freePorts, interrupt, start, subjects, untilRunning } from './support/npm-start';

test('the shown command signs up a user, Ctrl-C stops everything, and a second start keeps the data', () =>
  inTemporaryFolder(async (folder) => {
    const env = await freePorts();
    const first = start(folder, env);
    const screen = await untilRunning(first);
    const [command = ''] = /curl -u [^]*?\]\}'/.exec(screen) ?? [];
    execFileSync('sh', ['-c', command], { stdio: 'pipe' });
    await until('the welcome is in the mailbox', async () => {
      if ((await subjects(env)).length !== 1) throw new Error(first.screen());
      return true;
    });
    expect(screen).toMatch(/Demo +\S+\/demo/);
    expect((await fetch(`http://localhost:${env['PORT']}/demo`)).status).toBe(200);
    await expect(interrupt(first)).resolves.toBe(0);

    const second = start(folder, env);
    await untilRunning(second);
    await expect(subjects(env)).resolves.toEqual(['Welcome, Ada']);
    const [, adminKey = ''] = /ADMIN_KEY +(\S+)/.exec(screen) ?? [];
    const headers = { authorization: `Bearer ${adminKey}` };
    const user = await fetch(`http://localhost:${env['PORT']}/v1/users/user-1`, { headers });
    expect(await user.json()).toMatchObject({
      stage: 'onboarding',
      runs: [{ journey: 'onboarding', status: 'active' }],
    });
    await expect(interrupt(second)).resolves.toBe(0);
  }));

test.each(['PORT', 'TEMPORAL_UI_PORT', 'MAILBOX_PORT', 'METRICS_PORT'])(
  'a port in use causes an error that names %s, and nothing keeps running',
  (variable) =>
    inTemporaryFolder(async (folder) => {
      const env = await freePorts();
      const other = createServer().listen(Number(env[variable]), '127.0.0.1');
      await once(other, 'listening');
      const refused = start(folder, env);
      await once(refused.process, 'exit');
      expect(refused.process.exitCode).toBe(1);
      expect(refused.screen()).toContain(`set ${variable}`);
      expect(refused.screen()).not.toMatch(/^ +at /m);
      other.close();
    }),
);

test('of two starts at once in a fresh folder one runs, the other says why it does not, and the folder starts again', () =>
  inTemporaryFolder(async (folder) => {
    const started = [start(folder, await freePorts()), start(folder, await freePorts())];
    const refused = await until('one is refused', () => started.find(({ process: { exitCode } }) => exitCode !== null));
    expect(refused.screen()).toContain('Sojourn already runs in');
    expect(refused.screen()).not.toMatch(/^ +at /m);
    for (const one of started.filter((other) => other !== refused)) {
      await untilRunning(one);
      await expect(interrupt(one)).resolves.toBe(0);
    }
    const again = start(folder, await freePorts());
    await untilRunning(again);
    await expect(interrupt(again)).resolves.toBe(0);
  }));

test('a folder that cannot be used causes an error that says what to do', () =>
  inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, '.sojourn'), '');
    const refused = start(folder, await freePorts());
    await once(refused.process, 'exit');
    expect(refused.process.exitCode).toBe(1);
    expect(refused.screen()).toContain('.sojourn is in the way');
    expect(refused.screen()).not.toMatch(/^ +at /m);
  }));

test('all mistakes in the environment are reported together', () =>
  inTemporaryFolder(async (folder) => {
    const refused = start(folder, { PORT: 'x', SMTP_URL: 'http://x', SPEED: '0' });
    await once(refused.process, 'exit');
    expect(refused.screen().match(/PORT|SMTP_URL|SPEED/g)).toEqual(['PORT', 'SMTP_URL', 'SPEED']);
  }));
