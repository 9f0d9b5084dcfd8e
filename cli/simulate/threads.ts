import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PairedTally } from '../../engine/simulate/paired-tally';
import { SimulationTally } from '../../engine/simulate/tally';
import type { ThreadReport, ThreadSetup, Work } from './thread-messages';

const THREAD = join(__dirname, `thread${extname(__filename)}`);
/** From source, each thread loads its own TypeScript loader: the one of the process works in the main thread only. */
const ARGUMENTS = extname(__filename) === '.ts' ? ['--require', require.resolve('tsx/cjs')] : [];

/** The work of a simulation, and the number of threads that share it. */
export interface Shared {
  readonly threads: number;
  readonly work: AsyncGenerator<Work>;
}

/**
 * Simulates one version of the journeys. Each thread takes the next piece of work when it has finished the last.
 * @returns the sums of all threads
 * @throws the first error of a thread, after the other threads have been terminated
 */
export async function inThreads(setup: Omit<ThreadSetup, 'againstPath'>, shared: Shared): Promise<SimulationTally> {
  const tally = new SimulationTally(setup.span.begin);
  for (const report of await reports(setup, shared)) if (report.kind === 'done') tally.merge(report.sums);
  return tally;
}

/**
 * Simulates two versions of the journeys for the same people, in the same way.
 * @throws the first error of a thread, after the other threads have been terminated
 */
export async function compareInThreads(
  setup: ThreadSetup & { readonly againstPath: string },
  shared: Shared,
): Promise<PairedTally> {
  const tally = new PairedTally(setup.span.begin);
  for (const report of await reports(setup, shared)) if (report.kind === 'compared') tally.merge(report.sums);
  return tally;
}

/** What each thread reports in the end. */
async function reports(setup: ThreadSetup, { threads, work }: Shared): Promise<readonly ThreadReport[]> {
  const workers = Array.from({ length: threads }, () => new Worker(THREAD, { workerData: setup, execArgv: ARGUMENTS }));
  try {
    return await Promise.all(workers.map((worker) => runThread(worker, work)));
  } finally {
    await Promise.all([...workers.map((worker) => worker.terminate()), work.return(undefined)]);
  }
}

function runThread(worker: Worker, work: AsyncIterator<Work>): Promise<ThreadReport> {
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('A simulation thread exited before it finished its work.')));
    worker.on('message', (message: ThreadReport) => {
      if (message.kind !== 'idle') return resolve(message);
      work.next().then(({ value, done }) => worker.postMessage(done === true ? null : value), reject);
    });
  });
}
