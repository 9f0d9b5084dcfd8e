import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StoredJourney } from '../../engine/json/assemble';
import type { Batch } from '../../engine/simulate';
import type { Drawn } from '../../engine/simulate/sample';
import type { Span } from '../../engine/simulate/span';
import { SimulationTally, type TallySums } from '../../engine/simulate/tally';
import type { FromThread } from './thread';

/** What a thread begins with. It loads the journeys itself: functions don't go from one thread to another. */
export interface ThreadSetup {
  readonly journeysPath: string;
  /** Journeys made of data, to run beside them. */
  readonly stored: readonly StoredJourney[];
  readonly span: Span;
}

/** Who lives next: people of the population in a file, or stored lives, known up to a moment. */
export type Work =
  | ({ readonly kind: 'people'; readonly file: string } & Batch)
  | { readonly kind: 'lives'; readonly drawn: readonly Drawn[]; readonly known: number };

const THREAD = join(__dirname, `thread${extname(__filename)}`);
/** Run from source a thread needs what loads TypeScript; what the process began with does so in its main thread only. */
const ARGUMENTS = extname(__filename) === '.ts' ? ['--require', require.resolve('tsx/cjs')] : [];

/**
 * Lets threads share the work, each taking what is next when it has done what it had.
 * @throws what a thread throws; the others are ended
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
    worker.on('exit', () => reject(new Error('A thread ended before its work was done.')));
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'done') return resolve(message.sums);
      work.next().then(({ value, done }) => worker.postMessage(done === true ? null : value), reject);
    });
  });
}
