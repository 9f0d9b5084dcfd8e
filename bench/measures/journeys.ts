import type { Report } from '../../dev/report';
import { describeCpu, typicalCpu, usedPer, type CpuUse } from '../cpu';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { many, travel } from '../people';
import type { Rig } from '../rig';
import type { Side } from '../side';
import { median } from '../stats';

/** Enough journeys for the JIT compilers of both sides. With fewer, each round is faster than the one before. */
const WARM_UP = 600;
const ROUNDS = 5;
const JOURNEYS = 400;
const AT_ONCE = 50;

interface Round {
  /** Journeys per second. */
  readonly rate: number;
  /** CPU time per journey, in seconds. */
  readonly cpu: CpuUse;
}

/** Compares complete journeys per second and the CPU time per journey of both sides, in alternating rounds. */
export async function measureJourneys(rig: Rig, report: Report): Promise<Figure[]> {
  const completed = new Map<Side, number>();
  const travelAll = async (side: Side, count: number): Promise<number> => {
    const begun = monotonicMs();
    await many(count, AT_ONCE, () => travel(side));
    const seconds = (monotonicMs() - begun) / 1_000;
    completed.set(side, (completed.get(side) ?? 0) + count);
    await side.untilComplete(completed.get(side) ?? 0);
    return seconds;
  };
  const round = async (side: Side): Promise<Round> => {
    await rig.quiet();
    const before = rig.cpu(side);
    const seconds = await travelAll(side, JOURNEYS);
    const result = { rate: JOURNEYS / seconds, cpu: usedPer(JOURNEYS, before, rig.cpu(side)) };
    report(`${side.name}: ${short(result.rate)} journeys/s; CPU per journey: ${describeCpu(result.cpu)}`);
    return result;
  };
  report('journeys: warming up');
  for (const side of [rig.ours, rig.native]) await travelAll(side, WARM_UP);
  const rounds: { ours: Round; native: Round }[] = [];
  for (let index = 0; index < ROUNDS; index++)
    rounds.push({ ours: await round(rig.ours), native: await round(rig.native) });
  const ratio = (of: (round: Round) => number): number =>
    median(rounds.map(({ ours, native }) => of(ours) / of(native)));
  const typical = (side: 'ours' | 'native', of: (round: Round) => number): number =>
    short(median(rounds.map((pair) => of(pair[side]))));
  const perSecond = ({ rate }: Round): number => rate;
  const server = ({ cpu }: Round): number => cpu.temporal * 1_000;
  return [
    {
      name: 'journeys_vs_native',
      value: ratio(perSecond),
      unit: '×',
      target: { bound: 'at least', value: 2 },
      note: `${typical('ours', perSecond)} against ${typical('native', perSecond)} journeys/s, ${AT_ONCE} at once`,
    },
    {
      name: 'server_cpu_vs_native',
      value: ratio(server),
      unit: '×',
      target: { bound: 'at most', value: 0.5 },
      note: `${typical('ours', server)} against ${typical('native', server)} ms of CPU time of the Temporal server per journey`,
    },
    ...(['ours', 'native'] as const).map((side) => ({
      name: 'cpu_per_journey',
      of: side,
      ...typicalCpu(rounds.map((pair) => pair[side].cpu)),
    })),
  ];
}
