import type { Logger } from 'pino';
import { readinessOf, type Probe } from './readiness';

/** What a worker does. Only one that polls takes work. */
type Stage = 'starting' | 'polling' | 'draining' | 'stopped';

/** The readiness of a worker and of what it needs. `detail` never quotes an error: the route is public. */
export interface WorkerReadiness {
  readonly ready: boolean;
  readonly parts: readonly { readonly part: string; readonly ready: boolean; readonly detail: string }[];
}

/** A worker that polls Temporal. */
interface Polling {
  /** False once the worker has ended by itself. */
  readonly isPolling: () => boolean;
  readonly probes: Readonly<Record<string, Probe>>;
}

/** Knows whether a worker is ready. It is not before it polls Temporal, nor while it finishes its work to stop. */
export class WorkerHealth {
  private polling: (Polling & { readonly check: ReturnType<typeof readinessOf> }) | null = null;
  private isDraining = false;

  /** From now on the worker polls. */
  polls(polling: Polling, log: Logger): void {
    this.polling = { ...polling, check: readinessOf(polling.probes, log) };
  }

  /** From now on the worker takes no new work, and finishes what it has. */
  drains(): void {
    this.isDraining = true;
  }

  /** Asks everything that the worker needs. A worker that takes no work asks nothing. */
  async readiness(): Promise<WorkerReadiness> {
    const stage = this.stage();
    const worker = { part: 'worker', ready: stage === 'polling', detail: stage === 'polling' ? 'ok' : stage };
    if (!worker.ready || this.polling === null) return { ready: false, parts: [worker] };
    const { ready, parts } = await this.polling.check();
    return { ready, parts: [worker, ...parts] };
  }

  private stage(): Stage {
    if (this.isDraining) return 'draining';
    if (this.polling === null) return 'starting';
    return this.polling.isPolling() ? 'polling' : 'stopped';
  }
}
