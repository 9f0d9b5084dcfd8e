import type { Config } from '../../../config/config';
import type { WorkerSetup } from '../../../worker';

/** The input of a worker process, read from a file. */
export interface WorkerOrders {
  readonly config: Config;
  readonly setup: WorkerSetup;
  /** How far the clock of the worker's machine is ahead, in milliseconds. */
  readonly clockAheadMs: number;
}

/** The line a worker process prints when it is ready. */
export const READY = 'the worker is ready';
