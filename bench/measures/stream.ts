import { randomUUID } from 'node:crypto';
import type { Report } from '../../dev/report';
import { describeCpu, typicalCpu, usedPer, type CpuUse } from '../cpu';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { did, many, signUp, warmUp } from '../people';
import type { Rig } from '../rig';
import type { Side } from '../side';
import { median } from '../stats';

const ROUNDS = 3;
/** So many that a batch has each of them once at most, as the traffic of many people does. */
const PEOPLE = 200;
const EVENTS = 50;
const BATCH = 100;
const CLIENTS = 4;

interface Round {
  /** Events per second. */
  readonly rate: number;
  /** Seconds of CPU per person. */
  readonly cpu: CpuUse;
}

/** A stream of which one event in fifty matters, until all is delivered: events per second. */
export async function measureStream(rig: Rig, report: Report): Promise<Figure[]> {
  report('stream: warming up');
  await warmUp(rig);
  // The way of a batch is another than that of a journey: one stream each that doesn't count.
  for (const side of [rig.ours, rig.native]) await streamed(rig, side);
  const rounds: { ours: Round; native: Round }[] = [];
  const round = async (side: Side): Promise<Round> => {
    const result = await streamed(rig, side);
    report(`${side.name}: ${short(result.rate)} events/s; CPU per person: ${describeCpu(result.cpu)}`);
    return result;
  };
  for (let index = 0; index < ROUNDS; index++)
    rounds.push({ ours: await round(rig.ours), native: await round(rig.native) });
  const typical = (side: 'ours' | 'native'): number => short(median(rounds.map((pair) => pair[side].rate)));
  return [
    {
      name: 'stream_vs_native',
      value: median(rounds.map(({ ours, native }) => ours.rate / native.rate)),
      unit: '×',
      target: { bound: 'at least', value: 20 },
      note: `${typical('ours')} against ${typical('native')} events/s, ${PEOPLE} people, ${EVENTS} events each, batches of ${BATCH}`,
    },
    ...(['ours', 'native'] as const).map((side) => ({
      name: 'cpu_per_person',
      of: side,
      ...typicalCpu(rounds.map((pair) => pair[side].cpu)),
    })),
  ];
}

async function streamed(rig: Rig, side: Side): Promise<Round> {
  const people = Array.from({ length: PEOPLE }, () => randomUUID());
  const welcomed = people.map((userId) => side.delivery(userId, 'welcome'));
  const newcomers = [...people];
  await many(newcomers.length, CLIENTS, () => side.api.post('/v1/batch', signUp(newcomers.shift() ?? '')));
  await Promise.all(welcomed);

  await rig.quiet();
  const congratulated = people.map((userId) => side.delivery(userId, 'congratulation'));
  const batches = inBatches(people);
  const before = rig.cpu(side);
  const begun = monotonicMs();
  await many(batches.length, CLIENTS, () => side.api.post('/v1/batch', { batch: batches.shift() }));
  await Promise.all(congratulated);
  const rate = (PEOPLE * EVENTS * 1_000) / (monotonicMs() - begun);
  return { rate, cpu: usedPer(PEOPLE, before, rig.cpu(side)) };
}

/**
 * Everybody's events in the order of time; each began at another moment. What matters comes last: a native workflow is over
 * with it, and would begin anew for every event after it.
 */
function inBatches(people: readonly string[]): unknown[][] {
  const stream = people
    .flatMap((userId, person) =>
      Array.from({ length: EVENTS }, (_, index) => ({
        at: index + (person * EVENTS) / PEOPLE,
        call: Object.assign(
          { type: 'track' },
          did(userId, index === EVENTS - 1 ? 'Activated' : 'Page Scrolled', { depth: 40 }),
        ),
      })),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ call }) => call);
  return Array.from({ length: Math.ceil(stream.length / BATCH) }, (_, index) =>
    stream.slice(index * BATCH, (index + 1) * BATCH),
  );
}
