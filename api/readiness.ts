import type { Logger } from 'pino';
import { z } from 'zod';
import { blame } from '../config/log';

/** A part that doesn't answer in this time, real milliseconds, is missing. */
const PROBE_MS = 2_000;
const LATE = `no answer in ${PROBE_MS / 1_000} s`;

/** Which parts are there. What is wrong with one is said in words of ours: errors name hosts and users, and anyone may ask. */
export const readiness = z.object({
  ready: z.boolean(),
  parts: z.array(
    z.object({ part: z.string(), ready: z.boolean(), detail: z.enum(['ok', LATE, 'failed: see the log']) }),
  ),
});
type Readiness = z.infer<typeof readiness>;

/** Fails when the part is missing. */
type Probe = () => Promise<unknown>;

/**
 * Looks at the parts, and logs what is wrong with them. Who asks while they are being looked at gets the same answer,
 * so that asking often costs nothing.
 */
export function readinessOf(probes: Readonly<Record<string, Probe>>, log: Logger): () => Promise<Readiness> {
  const look = async (): Promise<Readiness> => {
    const parts = await Promise.all(Object.entries(probes).map(([part, probe]) => examine(part, probe, log)));
    return { ready: parts.every(({ ready }) => ready), parts };
  };
  let underWay: Promise<Readiness> | null = null;
  return () =>
    (underWay ??= look().finally(() => {
      underWay = null;
    }));
}

async function examine(part: string, probe: Probe, log: Logger): Promise<Readiness['parts'][number]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), PROBE_MS);
  });
  try {
    if ((await Promise.race([probe(), late])) !== 'late') return { part, ready: true, detail: 'ok' };
    log.warn({ part }, `a part is missing: ${LATE}`);
    return { part, ready: false, detail: LATE };
  } catch (error) {
    log.warn({ part, error: blame(error) }, 'a part is missing');
    return { part, ready: false, detail: 'failed: see the log' };
  } finally {
    clearTimeout(timer);
  }
}
