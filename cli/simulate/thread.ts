import { once } from 'node:events';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { loadDefinitions } from '../../config/definitions';
import type { Definitions } from '../../engine/definitions/definitions';
import { livesAgain, livesOfPeople } from '../../engine/simulate';
import type { SimulatedLife } from '../../engine/simulate/course';
import { PairedTally } from '../../engine/simulate/paired-tally';
import { People } from '../../engine/simulate/person';
import { SimulationTally } from '../../engine/simulate/tally';
import { withStored } from '../stored';
import { loadPopulation } from './population-file';
import type { ThreadReport, ThreadSetup, Work } from './thread-messages';

/** The lives of a piece of work under these definitions. The same work has the same people in the same order. */
type Live = (work: Work, definitions: Definitions) => AsyncGenerator<SimulatedLife>;

/** Runs one thread of a simulation: asks for work until there is none left, then reports the sums. */
async function runThread(port: MessagePort, { journeysPath, againstPath, stored, span }: ThreadSetup): Promise<void> {
  const load = async (path: string): Promise<Definitions> =>
    (await withStored(await loadDefinitions(path), stored)).definitions;
  // All work of one simulation names the same file. Keeping the people builds their calendars only once.
  let people: People | null = null;
  const live: Live = (work, definitions) => {
    if (work.kind === 'lives') return livesAgain(work.drawn, definitions, span, work.known);
    people ??= new People(loadPopulation(work.file), span);
    return livesOfPeople(people, definitions, work);
  };
  const report = (message: ThreadReport): void => port.postMessage(message);
  async function* works(): AsyncGenerator<Work> {
    for (;;) {
      const answer = once(port, 'message');
      report({ kind: 'idle' });
      const [work] = (await answer) as [Work | null];
      if (work === null) return;
      yield work;
    }
  }
  const definitions = await load(journeysPath);
  if (againstPath === undefined) {
    const tally = new SimulationTally(span.begin);
    for await (const work of works()) for await (const life of live(work, definitions)) tally.add(life);
    report({ kind: 'done', sums: tally.sums() });
    return;
  }
  const against = await load(againstPath);
  const tally = new PairedTally(span.begin);
  for await (const work of works()) {
    const before = live(work, against);
    for await (const after of live(work, definitions)) tally.add((await before.next()).value as SimulatedLife, after);
  }
  report({ kind: 'compared', sums: tally.sums() });
}

if (parentPort) void runThread(parentPort, workerData as ThreadSetup);
