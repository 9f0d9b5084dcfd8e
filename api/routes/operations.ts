import { z } from 'zod';
import { pendingLag, registry } from '../../config/metrics';
import { oldestPending } from '../../store/pending';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { readiness, readinessOf } from '../readiness';
import { route, type Route } from '../route';

/** For whoever keeps this running. */
export function operationRoutes({ database, clock, probeTemporal, log }: ApiDeps, { anyone }: Gates): Route[] {
  const shared = { method: 'get', tag: 'Operations', access: anyone } as const;
  // By the address they come from, a balancer's checks can't be told from the strangers behind it, who might use up their limit.
  const check = { ...shared, unlimited: true } as const;
  const probes = { postgres: () => database.pool.query('SELECT FROM users LIMIT 0'), temporal: probeTemporal };
  const look = readinessOf(probes, log);
  return [
    route({
      ...check,
      path: '/healthz',
      name: 'health',
      summary: 'This process answers',
      answers: { 200: { description: 'It does', schema: z.object({ status: z.literal('ok') }) } },
      handle: async () => ({ status: 200, body: { status: 'ok' } }),
    }),
    route({
      ...check,
      path: '/readyz',
      name: 'ready',
      summary: 'Which part is missing. Without Temporal events are still taken; they are looked at once it is back',
      answers: {
        200: { description: 'None', schema: readiness },
        503: { description: 'One or more', schema: readiness },
      },
      handle: async () => {
        const body = await look();
        return { status: body.ready ? 200 : 503, body };
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
