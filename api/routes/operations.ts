import { z } from 'zod';
import { pendingLag, registry } from '../../config/metrics';
import { oldestPending } from '../../store/pending';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { readiness, readinessOf } from '../readiness';
import { route, type Route } from '../route';

/** Health checks and metrics. */
export function operationRoutes({ database, clock, probeTemporal, log }: ApiDeps, { anyone }: Gates): Route[] {
  const shared = { method: 'get', tag: 'Operations', access: anyone } as const;
  // A load balancer's checks share its address with all requests it forwards, which could use up the limit.
  const check = { ...shared, unlimited: true } as const;
  const probes = { postgres: () => database.writes.check(database.pool), temporal: probeTemporal };
  const checkReadiness = readinessOf(probes, log);
  return [
    route({
      ...check,
      path: '/healthz',
      name: 'health',
      summary: 'Check that the process responds',
      answers: { 200: { description: 'The process responds', schema: z.object({ status: z.literal('ok') }) } },
      handle: async () => ({ status: 200, body: { status: 'ok' } }),
    }),
    route({
      ...check,
      path: '/readyz',
      name: 'ready',
      summary: 'Check that PostgreSQL and Temporal are available',
      description: 'Without Temporal, the API still accepts events. They are processed when Temporal is back.',
      answers: {
        200: { description: 'All parts are ready', schema: readiness },
        503: { description: 'At least one part is not ready', schema: readiness },
      },
      handle: async () => {
        const body = await checkReadiness();
        return { status: body.ready ? 200 : 503, body };
      },
    }),
    route({
      ...shared,
      path: '/metrics',
      name: 'metrics',
      summary: 'Retrieve metrics for Prometheus',
      answers: { 200: { description: 'The Prometheus text exposition format', type: 'text/plain' } },
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
