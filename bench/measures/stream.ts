import { randomUUID } from 'node:crypto';
import type { Report } from '../../dev/report';
import { describeCpu, typicalCpu, usedPer, type CpuUse } from '../cpu';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { many, signUp, warmUp } from '../people';
import type { Rig } from '../rig';
import type { Side } from '../side';
import { median } from '../stats';
import { EVENTS, streamBatches } from '../stream-of-people';

const ROUNDS = 3;
/** Users who finish their events in a round. */
const DONE = 200;
const BATCH = 100;
const CLIENTS = 4;
/** Users with events at any time. With this many, it is rare that one user has two events in progress, as in a real app. */
const PRESENT = CLIENTS * BATCH;

/**
 * When a client sends its next batch. `kept up with`: after the deliveries caused by the last batch, about one per fifty events, so
 * that no backlog grows. `flood`: after the response to the last batch, even if deliveries lag behind.
 */
type Pace = 'kept up with' | 'flood';

interface Round {
  /** Events per second. */
  readonly rate: number;
  /** CPU time per user who finished, in seconds. */
  readonly cpu: CpuUse;
  /** Median time from the post of a batch to its last delivery, in milliseconds. */
  readonly lagMs: number;
}

/** Compares the events per second of a stream in which one event in fifty causes a delivery. Sign-ups are not measured. */
export async function measureStream(rig: Rig, report: Report): Promise<Figure[]> {
  report('stream: warming up');
  await warmUp(rig);
  // Batches use other code paths than whole journeys, so each side gets one unmeasured stream.
  for (const side of [rig.ours, rig.native]) await streamed(rig, side, 'flood');
  const pair = async (pace: Pace): Promise<Pair> => {
    const round = async (side: Side): Promise<Round> => {
      const result = await streamed(rig, side, pace);
      const { rate, lagMs, cpu } = result;
      report(
        `${side.name}, ${pace}: ${short(rate)} events/s, lag ${short(lagMs)} ms; CPU per user: ${describeCpu(cpu)}`,
      );
      return result;
    };
    return { ours: await round(rig.ours), native: await round(rig.native) };
  };
  const [kept, floods]: [Pair[], Pair[]] = [[], []];
  for (let index = 0; index < ROUNDS; index++) kept.push(await pair('kept up with'));
  for (let index = 0; index < ROUNDS; index++) floods.push(await pair('flood'));
  return [
    comparison('stream_vs_native', kept),
    ...(['ours', 'native'] as const).map((side) => ({
      name: 'cpu_per_person',
      of: side,
      ...typicalCpu(kept.map((round) => round[side].cpu)),
    })),
    comparison('flood_vs_native', floods),
  ];
}

type Pair = Readonly<Record<Side['name'], Round>>;

function comparison(name: string, rounds: readonly Pair[]): Figure {
  const typical = (side: Side['name'], of: 'rate' | 'lagMs'): number =>
    short(median(rounds.map((pair) => pair[side][of])));
  return {
    name,
    value: median(rounds.map(({ ours, native }) => ours.rate / native.rate)),
    unit: '×',
    target: { bound: 'at least', value: 20 },
    note: `${typical('ours', 'rate')} against ${typical('native', 'rate')} events/s, lag ${typical('ours', 'lagMs')} against ${typical('native', 'lagMs')} ms; ${PRESENT} users at any time, ${EVENTS} events each, batches of ${BATCH}`,
  };
}

async function streamed(rig: Rig, side: Side, pace: Pace): Promise<Round> {
  const people = Array.from({ length: PRESENT + DONE }, () => randomUUID());
  const welcomed = people.map((userId) => side.delivery(userId, 'welcome'));
  const newcomers = [...people];
  await many(newcomers.length, CLIENTS, () => side.api.post('/v1/batch', signUp(newcomers.shift() ?? '')));
  await Promise.all(welcomed);

  await rig.quiet();
  const batches = streamBatches(people, PRESENT, DONE, BATCH);
  const lags: Promise<number>[] = [];
  const before = rig.cpu(side);
  const begun = monotonicMs();
  await many(batches.length, CLIENTS, async () => {
    const batch = batches.shift();
    if (!batch) return;
    const posted = monotonicMs();
    const delivered = Promise.all(batch.activated.map((userId) => side.delivery(userId, 'congratulation')));
    lags.push(delivered.then(() => monotonicMs() - posted));
    await side.api.post('/v1/batch', { batch: batch.calls });
    if (pace === 'kept up with') await delivered;
  });
  const lagMs = median(await Promise.all(lags));
  const rate = (DONE * EVENTS * 1_000) / (monotonicMs() - begun);
  return { rate, cpu: usedPer(DONE, before, rig.cpu(side)), lagMs };
}
