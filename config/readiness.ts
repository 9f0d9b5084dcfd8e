import type { Logger } from 'pino';
import { z } from 'zod';
import { blame } from './log';

/** How long a part may take to answer, in real milliseconds. */
const PROBE_MS = 2_000;
const LATE = `no answer in ${PROBE_MS / 1_000} s`;

/** Schema of the readiness of each part. `detail` never quotes an error: errors name hosts and users, and the route is public. */
export const readiness = z.object({
  ready: z.boolean().meta({ description: 'Whether all parts are ready' }),
  parts: z
    .array(
      z.object({
        part: z.string().meta({ description: 'What was asked, such as the database' }),
        ready: z.boolean().meta({ description: 'Whether it answered in time' }),
        detail: z.enum(['ok', LATE, 'failed: see the log']).meta({ description: 'What came of it, for people' }),
      }),
    )
    .meta({ description: 'What the process needs' }),
});
export type Readiness = z.infer<typeof readiness>;

/** Rejects when the part is not ready. */
export type Probe = () => Promise<unknown>;

/**
 * Creates a function that probes all parts, and logs those that are not ready. Concurrent calls share one probe, so that frequent
 * calls cost nothing.
 */
export function readinessOf(probes: Readonly<Record<string, Probe>>, log: Logger): () => Promise<Readiness> {
  const probeAll = async (): Promise<Readiness> => {
    const parts = await Promise.all(Object.entries(probes).map(([part, probe]) => probePart(part, probe, log)));
    return { ready: parts.every(({ ready }) => ready), parts };
  };
  let underWay: Promise<Readiness> | null = null;
  return () =>
    (underWay ??= probeAll().finally(() => {
      underWay = null;
    }));
}

async function probePart(part: string, probe: Probe, log: Logger): Promise<Readiness['parts'][number]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), PROBE_MS);
  });
  try {
    if ((await Promise.race([probe(), late])) !== 'late') return { part, ready: true, detail: 'ok' };
    log.warn({ part }, `part is not ready: ${LATE}`);
    return { part, ready: false, detail: LATE };
  } catch (error) {
    log.warn({ part, error: blame(error) }, 'part is not ready');
    return { part, ready: false, detail: 'failed: see the log' };
  } finally {
    clearTimeout(timer);
  }
}
