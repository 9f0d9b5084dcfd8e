import { types } from 'node:util';
import { z } from 'zod';
import { pendingLag, registry } from '../../config/metrics';
import { oldestPending } from '../../store/pending';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { route, type Route } from '../route';

/** A part that doesn't answer in this time, real milliseconds, is missing. */
const PROBE_MS = 2_000;

const readiness = z.object({
  ready: z.boolean(),
  parts: z.array(z.object({ part: z.string(), ready: z.boolean(), detail: z.string() })),
});

/** For whoever keeps this running. */
export function operationRoutes({ database, clock, probeTemporal }: ApiDeps, { anyone }: Gates): Route[] {
  const shared = { method: 'get', tag: 'Operations', access: anyone } as const;
  const probes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['postgres', () => database.pool.query('SELECT FROM users LIMIT 0')],
    ['temporal', probeTemporal],
  ];
  return [
    route({
      ...shared,
      path: '/healthz',
      name: 'health',
      summary: 'This process answers',
      answers: { 200: { description: 'It does', schema: z.object({ status: z.literal('ok') }) } },
      handle: async () => ({ status: 200, body: { status: 'ok' } }),
    }),
    route({
      ...shared,
      path: '/readyz',
      name: 'ready',
      summary: 'Which part is missing. Without Temporal events are still taken; they are looked at once it is back',
      answers: {
        200: { description: 'None', schema: readiness },
        503: { description: 'One or more', schema: readiness },
      },
      handle: async () => {
        const parts = await Promise.all(probes.map(([part, probe]) => examine(part, probe)));
        const ready = parts.every((part) => part.ready);
        return { status: ready ? 200 : 503, body: { ready, parts } };
      },
    }),
    route({
      ...shared,
      path: '/metrics',
      name: 'metrics',
      summary: 'For Prometheus',
      answers: { 200: { description: 'Text exposition format', type: 'text/plain' } },
      handle: async () => {
        pendingLag.set(await lag());
        return { status: 200, type: registry.contentType, body: await registry.metrics() };
      },
    }),
  ];

  async function lag(): Promise<number> {
    try {
      const oldest = await oldestPending(database);
      return oldest === null ? 0 : Math.max(0, (clock.now() - oldest) / clock.speed / 1_000);
    } catch {
      return NaN;
    }
  }
}

async function examine(
  part: string,
  probe: () => Promise<unknown>,
): Promise<z.infer<typeof readiness>['parts'][number]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PROBE_MS / 1_000} s`)), PROBE_MS);
  });
  try {
    await Promise.race([probe(), late]);
    return { part, ready: true, detail: 'ok' };
  } catch (error) {
    return { part, ready: false, detail: types.isNativeError(error) ? error.message || error.name : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
