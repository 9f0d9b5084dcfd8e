import type { Report } from '../../dev/report';
import { cpuOf, cpuOfMainThread } from '../cpu';
import { short, type Figure } from '../figure';
import { beginCount, statementsSince } from '../parts/statements';
import { readServerUse, type ServerUse } from '../parts/temporal-metrics';
import { many, travel } from '../people';
import type { Rig } from '../rig';
import type { Part } from '../side';
import { DONE, signUpPeople, stream } from './stream';

const WARM_UP = 600;
const JOURNEYS = 400;
const AT_ONCE = 50;
const PARTS: readonly Part[] = ['api', 'worker'];
/** Lines for each server. */
const MOST = 12;
/** Groups of modules with a smaller share are left out. */
const LEAST_SHARE = 0.01;

/** What is observed: an act that does a number of units of work. */
interface Work {
  readonly name: string;
  readonly units: number;
  readonly act: () => Promise<unknown>;
}

/** Says where the time of a journey and of a user of the stream goes: by modules, by Temporal's queues, by SQL statements. */
export async function measureParts(rig: Rig, report: Report): Promise<Figure[]> {
  const { ours } = rig;
  const travelAll = (count: number): Promise<void> => many(count, AT_ONCE, () => travel(ours));
  report('parts: warming up');
  await travelAll(WARM_UP);
  await rig.quiet();
  const journeys = await observed(rig, { name: 'journey', units: JOURNEYS, act: () => travelAll(JOURNEYS) });
  report('parts: journeys observed');
  await stream(rig, ours, 'kept up with', await signUpPeople(ours));
  const people = await signUpPeople(ours);
  const act = (): Promise<unknown> => stream(rig, ours, 'kept up with', people);
  return [...journeys, ...(await observed(rig, { name: 'stream', units: DONE, act }))];
}

async function observed({ ours, metricsUrl }: Rig, { name, units, act }: Work): Promise<Figure[]> {
  const cpu = (): { all: number; main: number }[] =>
    PARTS.map((part) => ({ all: cpuOf(ours.pids[part]), main: cpuOfMainThread(ours.pids[part]) }));
  const server = async (): Promise<ServerUse> => (metricsUrl === null ? new Map() : await readServerUse(metricsUrl));
  await beginCount(ours.pool);
  const [endProfile, serverBefore, cpuBefore] = [await ours.profile(), await server(), cpu()];
  await act();
  const [cpuAfter, serverAfter, profiles] = [cpu(), await server(), await endProfile()];
  const statements = await statementsSince(ours.pool, MOST);

  const figure = (of: string, ms: number, note: string): Figure => ({
    ...{ name: `parts_${name}`, of, unit: 'ms', note },
    value: short(ms / units),
  });
  const ofProcess = (part: Part, index: number): Figure[] => {
    const used = (kind: 'all' | 'main'): number =>
      ((cpuAfter[index]?.[kind] ?? 0) - (cpuBefore[index]?.[kind] ?? 0)) * 1_000;
    const groups = Object.entries(profiles.get(part) ?? {}).filter(([, share]) => share > LEAST_SHARE);
    return [
      ...groups
        .sort(([, a], [, b]) => b - a)
        .map(([group, share]) => figure(`${part} ${group}`, share * used('main'), 'CPU, main thread')),
      figure(`${part} other threads`, used('all') - used('main'), "CPU; of the worker mostly the SDK's core"),
    ];
  };
  const spent = [...serverAfter]
    .map(([key, { count, ms }]) => {
      const before = serverBefore.get(key) ?? { count: 0, ms: 0 };
      return { key, count: count - before.count, ms: ms - before.ms };
    })
    .filter(({ count, key }) => count > 0 && !key.includes('Poll'))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, MOST * 2);
  return [
    ...PARTS.flatMap(ofProcess),
    ...spent.map(({ key, count, ms }) => figure(`server ${key}`, ms, `elapsed, ${short(count / units)} times`)),
    ...statements.map(({ text, calls, ms, walBytes }) =>
      figure(`postgres ${text}`, ms, `elapsed, ${short(calls / units)} times, ${short(walBytes / units)} bytes of WAL`),
    ),
  ];
}
