import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { loadDefinitions } from '../../config/definitions';
import { findPopulation } from '../../cli/simulate/population-file';
import { inThreads } from '../../cli/simulate/threads';
import { populationWork } from '../../cli/simulate/work';
import type { Report } from '../../dev/report';
import { simulationOf } from '../../engine/simulate/simulation';
import { spanOf } from '../../engine/simulate/span';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';

const PEOPLE = 10_000;
const DAYS = 90;

/** Measures `simulate` with the shipped population and journeys, on all cores. */
export async function measureSimulate(report: Report): Promise<Figure[]> {
  const journeysPath = join(__dirname, '..', '..', 'journeys');
  const threads = availableParallelism();
  const span = spanOf({ days: DAYS, seed: 1 });
  const begun = monotonicMs();
  const work = populationWork(findPopulation(undefined, journeysPath), PEOPLE);
  const tally = await inThreads({ journeysPath, stored: [], span }, { threads, work });
  const { people, sent } = simulationOf(tally, { span, from: 'population' }, await loadDefinitions(journeysPath));
  const seconds = (monotonicMs() - begun) / 1_000;
  report(`simulate: ${people} people, ${sent} messages`);
  return [
    {
      name: 'simulate',
      of: 'seconds_for_10000_people_90_days',
      value: short(seconds),
      unit: 's',
      note: `${threads} threads, ${sent} messages; includes starting the threads and loading the journeys`,
    },
    {
      name: 'simulate',
      of: 'peak_mebibytes',
      value: short(process.resourceUsage().maxRSS / 1_024),
      unit: 'MiB',
      note: 'peak resident memory of the whole process, including all threads and the rest of the bench',
    },
  ];
}
