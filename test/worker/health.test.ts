import { join } from 'node:path';
import { startChild } from '../../dev/child';
import { freePort } from '../../dev/port';
import { createTeardown } from '../../dev/teardown';
import { startSilentProxy } from '../chaos/support/silent-proxy';
import { inTemporaryFolder } from '../support/folder';
import { startLifecycle } from '../support/lifecycle';
import { testTemporal } from '../support/temporal';
import { until } from '../support/until';

const METRICS_KEY = 'the-key-of-the-metrics';

/** What a worker says of itself. It is null while nothing listens. */
interface Said {
  readonly status: number;
  readonly parts: Readonly<Record<string, string>>;
}

test('a worker of its own is ready while it polls: not before Temporal answers, not while it drains', async () => {
  const teardown = createTeardown();
  await inTemporaryFolder(async (folder) => {
    const { database, smtp, config, track, newUser } = teardown.add(await startLifecycle());
    const [temporalPort, metricsPort] = [await freePort(), await freePort()];
    const { hostname, port } = new URL(`http://${testTemporal().address}`);
    const connectTemporal = (): ReturnType<typeof startSilentProxy> =>
      startSilentProxy({ host: hostname, port: Number(port) }, temporalPort);
    const logFile = join(folder, 'worker.log');
    const variables = {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
      SMTP_URL: smtp.url,
      MAIL_FROM: config.mailFrom,
      WRITE_KEY: config.writeKey,
      ADMIN_KEY: config.adminKey,
      SECRET: config.secret,
      PUBLIC_URL: config.publicUrl,
      JOURNEYS: config.journeysPath,
      METRICS_PORT: String(metricsPort),
      METRICS_KEY,
    };
    const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const script = join(__dirname, '..', '..', 'worker.ts');
    const worker = startChild({
      command: 'env',
      args: [...settings, process.execPath, '--import', 'tsx', script],
      logFile,
    });
    const get = (path: string, headers = {}): Promise<Response> =>
      fetch(`http://127.0.0.1:${metricsPort}${path}`, { headers });
    const ready = async (): Promise<Said> => {
      const response = await get('/readyz');
      const { parts } = (await response.json()) as { parts: { part: string; detail: string }[] };
      return { status: response.status, parts: Object.fromEntries(parts.map(({ part, detail }) => [part, detail])) };
    };
    const becomes = (what: string, isSo: (said: Said) => boolean): Promise<Said> =>
      until(what, async () => {
        const said = await ready();
        return isSo(said) && said;
      });
    try {
      expect(await becomes('a first answer', () => true)).toEqual({ status: 503, parts: { worker: 'starting' } });
      expect((await get('/healthz')).status).toBe(200);

      let temporal = await connectTemporal();
      expect(await becomes('the worker is ready', ({ status }) => status === 200)).toEqual({
        status: 200,
        parts: { worker: 'ok', postgres: 'ok', temporal: 'ok' },
      });

      await temporal.stop();
      const without = await becomes('that Temporal is away', ({ status }) => status === 503);
      expect(without.parts).toMatchObject({ worker: 'ok', postgres: 'ok', temporal: expect.not.stringMatching('ok') });
      expect((await get('/healthz')).status).toBe(200);
      temporal = await connectTemporal();
      await becomes('that Temporal is back', ({ status }) => status === 200);

      // It drains for as long as a mail server keeps it waiting.
      smtp.behave({ kind: 'silent' });
      const user = newUser();
      await track(user, 'Tour Started', {}, { signal: false });
      for (const stop of [1, 2, 3, 4, 5]) await track(user, 'Stop Reached', { stop }, { signal: false });
      await until('a delivery', () => smtp.messages.length > 0);
      const stopped = worker.stop('SIGTERM');
      const draining = { status: 503, parts: { worker: 'draining' } };
      expect(await becomes('that it drains', ({ status }) => status === 503)).toEqual(draining);
      expect((await get('/healthz')).status).toBe(200);
      smtp.answer();
      await stopped;
      expect(await worker.exited).toContain('(code 0)');
      await temporal.stop();

      const [first, ...more] = worker.output().split('\n');
      expect(JSON.parse(first ?? '')).toMatchObject({
        msg: 'the worker starts',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        taskQueue: 'sojourn',
        namespace: 'default',
        temporal: variables.TEMPORAL_ADDRESS,
        postgres: expect.stringContaining(new URL(database.url).host),
        metricsPort,
      });
      expect(more.find((line) => line.includes('the worker takes work'))).toContain('"journeys":["');
      const secrets = [config.writeKey, config.adminKey, config.secret, METRICS_KEY, new URL(database.url).password];
      for (const secret of secrets.filter(Boolean)) expect(worker.output()).not.toContain(secret);
    } finally {
      await worker.stop('SIGKILL');
    }
  });
  await teardown.stop();
});
