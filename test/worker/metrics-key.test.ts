import { serveMetrics } from '../../config/metrics-server';
import { freePort } from '../../dev/port';

test('metrics with a key are for those who have it; a worker says without one whether it is ready', async () => {
  const port = await freePort();
  const key = 'the-key-of-the-metrics';
  const { stop } = await serveMetrics(port, { key, health: { readiness: async () => ({ ready: true, parts: [] }) } });
  const status = async (path: string, authorization?: string): Promise<number> =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { headers: authorization ? { authorization } : {} })).status;
  try {
    expect(await status('/metrics')).toBe(401);
    expect(await status('/metrics', 'Bearer another-key-of-metrics')).toBe(401);
    expect(await status('/metrics', `Basic ${btoa(`${key}:`)}`)).toBe(401);
    expect(await status('/metrics', `Bearer ${key}`)).toBe(200);
    expect([await status('/healthz'), await status('/readyz'), await status('/else')]).toEqual([200, 200, 404]);
  } finally {
    await stop();
  }
});
