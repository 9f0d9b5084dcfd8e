import { z } from 'zod';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { readiness, readinessOf } from '../../config/readiness';
import { route, type Route } from '../route';

const READY = {
  ready: true,
  parts: ['postgres', 'temporal'].map((part) => ({ part, ready: true, detail: 'ok' })),
};

/** Health checks. */
export function operationRoutes({ database, probeTemporal, log }: ApiDeps, { anyone }: Gates): Route[] {
  // A load balancer's checks share its address with all requests it forwards, which could use up the limit.
  const check = { method: 'get', tag: 'Operations', access: anyone, unlimited: true } as const;
  const probes = { postgres: () => database.writes.check(database.pool), temporal: probeTemporal };
  const checkReadiness = readinessOf(probes, log);
  return [
    route({
      ...check,
      path: '/healthz',
      name: 'health',
      summary: 'Check that the process responds',
      answers: {
        200: {
          description: 'The process responds',
          schema: z.object({ status: z.literal('ok').meta({ description: 'The process can answer' }) }),
          example: { status: 'ok' },
        },
      },
      handle: async () => ({ status: 200, body: { status: 'ok' as const } }),
    }),
    route({
      ...check,
      path: '/readyz',
      name: 'ready',
      summary: 'Check that PostgreSQL and Temporal are available',
      description: 'Without Temporal, the API still accepts events. They are processed when Temporal is back.',
      answers: {
        200: { description: 'All parts are ready', schema: readiness, example: READY },
        503: { description: 'At least one part is not ready', schema: readiness },
      },
      handle: async () => {
        const body = await checkReadiness();
        return { status: body.ready ? 200 : 503, body };
      },
    }),
  ];
}
