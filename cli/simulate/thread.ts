import { once } from 'node:events';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { loadDefinitions } from '../../config/definitions';
import { simulateLives, simulatePeople } from '../../engine/simulate';
import { SimulationTally, type TallySums } from '../../engine/simulate/tally';
import { loadPopulation } from './population-file';
import type { ThreadSetup, Work } from './threads';

/** What a thread tells: that it wants work, or all it has added up. */
export type FromThread = { readonly kind: 'idle' } | { readonly kind: 'done'; readonly sums: TallySums };

/** One thread of a simulation: asks for work until there is none. */
async function runThread(port: MessagePort, { journeysPath, span }: ThreadSetup): Promise<void> {
  const definitions = await loadDefinitions(journeysPath);
  const tally = new SimulationTally(span.begin);
  const tell = (message: FromThread): void => port.postMessage(message);
  for (;;) {
    const answer = once(port, 'message');
    tell({ kind: 'idle' });
    const [work] = (await answer) as [Work | null];
    if (work === null) break;
    const part =
      work.kind === 'lives'
        ? await simulateLives(work.drawn, definitions, span, work.known)
        : await simulatePeople(loadPopulation(work.file), definitions, span, work);
    tally.merge(part.sums());
  }
  tell({ kind: 'done', sums: tally.sums() });
}

if (parentPort) void runThread(parentPort, workerData as ThreadSetup);
