import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SimulationTally, type TallySums } from '../../engine/simulate/tally';
import type { ThreadReport, ThreadSetup, Work } from './thread-messages';

const THREAD = join(__dirname, `thread${extname(__filename)}`);
/** From source, each thread loads its own TypeScript loader: the one of the process works in the main thread only. */
const ARGUMENTS = extname(__filename) === '.ts' ? ['--require', require.resolve('tsx/cjs')] : [];

/**
 * Shares the work among threads. Each thread takes the next piece when it has finished the last.
 * @param count the number of threads
 * @returns the sums of all threads
 * @throws the first error of a thread, after the other threads have been terminated
 */
export async function inThreads(
  count: number,
  setup: ThreadSetup,
  work: AsyncGenerator<Work>,
): Promise<SimulationTally> {
  const workers = Array.from({ length: count }, () => new Worker(THREAD, { workerData: setup, execArgv: ARGUMENTS }));
  try {
    const tally = new SimulationTally(setup.span.begin);
    for (const sums of await Promise.all(workers.map((worker) => runThread(worker, work)))) tally.merge(sums);
    return tally;
  } finally {
    await Promise.all([...workers.map((worker) => worker.terminate()), work.return(undefined)]);
  }
}

function runThread(worker: Worker, work: AsyncIterator<Work>): Promise<TallySums> {
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('A simulation thread exited before it finished its work.')));
    worker.on('message', (message: ThreadReport) => {
      if (message.kind === 'done') return resolve(message.sums);
      work.next().then(({ value, done }) => worker.postMessage(done === true ? null : value), reject);
    });
  });
}
