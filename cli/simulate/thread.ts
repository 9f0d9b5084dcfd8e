import { once } from 'node:events';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { loadDefinitions } from '../../config/definitions';
import { simulateLives, simulatePeople } from '../../engine/simulate';
import { People } from '../../engine/simulate/person';
import { SimulationTally } from '../../engine/simulate/tally';
import { withStored } from '../stored';
import { loadPopulation } from './population-file';
import type { ThreadReport, ThreadSetup, Work } from './thread-messages';

/** Runs one thread of a simulation: asks for work until there is none left, then reports the sums. */
async function runThread(port: MessagePort, { journeysPath, stored, span }: ThreadSetup): Promise<void> {
  const { definitions } = await withStored(await loadDefinitions(journeysPath), stored);
  const tally = new SimulationTally(span.begin);
  // All work of one simulation names the same file. Keeping the people builds their calendars only once.
  let people: People | null = null;
  const simulate = (work: Work): Promise<SimulationTally> => {
    if (work.kind === 'lives') return simulateLives(work.drawn, definitions, span, work.known);
    people ??= new People(loadPopulation(work.file), span);
    return simulatePeople(people, definitions, work);
  };
  const report = (message: ThreadReport): void => port.postMessage(message);
  for (;;) {
    const answer = once(port, 'message');
    report({ kind: 'idle' });
    const [work] = (await answer) as [Work | null];
    if (work === null) break;
    tally.merge((await simulate(work)).sums());
  }
  report({ kind: 'done', sums: tally.sums() });
}

if (parentPort) void runThread(parentPort, workerData as ThreadSetup);
