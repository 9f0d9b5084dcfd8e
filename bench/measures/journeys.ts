import type { Report } from '../../dev/report';
import { describeCpu, typicalCpu, usedPer, type CpuUse } from '../cpu';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { many, travel } from '../people';
import type { Rig } from '../rig';
import { compared, inRounds, untilWarm } from '../rounds';
import type { Side, SideName } from '../side';

const ROUNDS = 5;
const JOURNEYS = 400;
const AT_ONCE = 50;
const JOURNEY_TARGETS: Readonly<Partial<Record<SideName, number>>> = { native: 2.5, dbos: 0.7 };

interface Round {
  /** Journeys per second. */
  readonly rate: number;
  /** CPU time per journey, in seconds. */
  readonly cpu: CpuUse;
}

/** Compares complete journeys per second and the CPU time per journey of all sides, in alternating rounds. */
export async function measureJourneys(rig: Rig, report: Report): Promise<Figure[]> {
  const sides = [rig.ours, rig.native, ...rig.rivals];
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
  for (const side of sides) await untilWarm(async () => JOURNEYS / (await travelAll(side, JOURNEYS)));
  const rounds = await inRounds(ROUNDS, sides, round);
  const perSecond = ({ rate }: Round): number => rate;
  const server = ({ cpu }: Round): number => cpu.server * 1_000;
  return [
    ...compared(rounds, perSecond).map(({ other, ratio, range, ours, theirs }): Figure => ({
      name: `journeys_vs_${other}`,
      value: ratio,
      range,
      unit: '×',
      ...(JOURNEY_TARGETS[other] && { target: { bound: 'at least', value: JOURNEY_TARGETS[other] } }),
      note: `${ours} against ${theirs} journeys/s, ${AT_ONCE} at once`,
    })),
    ...compared(rounds, server)
      .filter(({ other }) => other === 'native')
      .map(({ other, ratio, range, ours, theirs }): Figure => ({
        name: `server_cpu_vs_${other}`,
        value: ratio,
        range,
        unit: '×',
        target: { bound: 'at most', value: 0.35 },
        note: `${ours} against ${theirs} ms of CPU time of the Temporal server per journey`,
      })),
    ...sides.map(({ name }) => ({
      name: 'cpu_per_journey',
      of: name,
      ...typicalCpu(rounds.map((one) => one.get(name)?.cpu).filter((cpu) => cpu !== undefined)),
    })),
  ];
}
