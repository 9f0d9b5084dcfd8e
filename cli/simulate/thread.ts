import { once } from 'node:events';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { loadDefinitions } from '../../config/definitions';
import { simulateLives, simulatePeople } from '../../engine/simulate';
import { People } from '../../engine/simulate/person';
import { SimulationTally, type TallySums } from '../../engine/simulate/tally';
import { withStored } from '../stored';
import { loadPopulation } from './population-file';
import type { ThreadSetup, Work } from './threads';

/** What a thread tells: that it wants work, or all it has added up. */
export type FromThread = { readonly kind: 'idle' } | { readonly kind: 'done'; readonly sums: TallySums };

/** One thread of a simulation: asks for work until there is none. */
async function runThread(port: MessagePort, { journeysPath, stored, span }: ThreadSetup): Promise<void> {
  const { definitions } = await withStored(await loadDefinitions(journeysPath), stored);
  const tally = new SimulationTally(span.begin);
  // Of one file for all of the work: their calendars are made once.
  let people: People | null = null;
  const simulate = (work: Work): Promise<SimulationTally> => {
    if (work.kind === 'lives') return simulateLives(work.drawn, definitions, span, work.known);
    people ??= new People(loadPopulation(work.file), span);
    return simulatePeople(people, definitions, work);
  };
  const tell = (message: FromThread): void => port.postMessage(message);
  for (;;) {
    const answer = once(port, 'message');
    tell({ kind: 'idle' });
    const [work] = (await answer) as [Work | null];
    if (work === null) break;
    tally.merge((await simulate(work)).sums());
  }
  tell({ kind: 'done', sums: tally.sums() });
}

if (parentPort) void runThread(parentPort, workerData as ThreadSetup);
