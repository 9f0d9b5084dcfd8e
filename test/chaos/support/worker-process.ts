import { readFileSync } from 'node:fs';
import { runAlone } from '../../../config/run-alone';
import { startWorker } from '../../../worker';
import { shiftClock } from './shifted-clock';
import { READY, type WorkerOrders } from './worker-orders';

// Runs the worker in a separate process, so that killing it is like a crash.
runAlone('worker', async () => {
  const { config, setup, clockAheadMs } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as WorkerOrders;
  shiftClock(clockAheadMs);
  const worker = await startWorker(config, setup);
  console.log(READY);
  return worker;
});
