import type { Config } from '../../../config/config';
import type { WorkerSetup } from '../../../worker';

/** What a worker process is told, by a file. */
export interface WorkerOrders {
  readonly config: Config;
  readonly setup: WorkerSetup;
}

/** What it says once it works. */
export const READY = 'the worker is ready';
