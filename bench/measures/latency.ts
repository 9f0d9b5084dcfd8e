import { randomUUID } from 'node:crypto';
import type { Report } from '../../dev/report';
import { short, type Figure } from '../figure';
import { did, timeToDelivery } from '../people';
import type { Rig } from '../rig';
import type { Side, SideName } from '../side';
import { percentile } from '../stats';

const WARM_UP = 20;
const SAMPLES = 200;

type Samples = ReadonlyMap<SideName, number[]>;

/** The highest ratio of the time of each other side, for users who just signed up, and for users whose journey waits. */
const TARGETS: Readonly<Record<'' | 'waiting_', Readonly<Partial<Record<SideName, number>>>>> = {
  '': { native: 1, dbos: 2.8 },
  waiting_: { native: 1, dbos: 1.2 },
};

/**
 * Compares the time from `POST /v1/track` to the delivery call, one user at a time, alternating between the sides. Measures new
 * users first, and then the same users while their journeys wait.
 */
export async function measureLatency(rig: Rig, report: Report): Promise<Figure[]> {
  const people = Array.from({ length: WARM_UP + SAMPLES }, () => randomUUID());
  const newcomers = await inTurns(rig, people, welcomed);
  const waiting = await inTurns(rig, people, congratulated);
  report(`latency: ${SAMPLES} samples taken`);
  return [...figures('', newcomers), ...figures('waiting_', waiting)];
}

async function inTurns(
  { ours, native, rivals }: Rig,
  people: readonly string[],
  measure: (side: Side, userId: string) => Promise<number>,
): Promise<Samples> {
  const sides = [ours, native, ...rivals];
  const samples = new Map(sides.map(({ name }) => [name, [] as number[]]));
  for (const [index, userId] of people.entries()) {
    for (const side of sides) {
      const sample = await measure(side, userId);
      if (index >= WARM_UP) samples.get(side.name)?.push(sample);
    }
  }
  return samples;
}

function figures(prefix: '' | 'waiting_', samples: Samples): Figure[] {
  const others = [...samples].filter(([name]) => name !== 'ours');
  return others.flatMap(([other, theirSamples]) =>
    [50, 99].map((percent) => {
      const ours = percentile(samples.get('ours') ?? [], percent);
      const theirs = percentile(theirSamples, percent);
      const target = TARGETS[prefix][other];
      return {
        name: `latency_vs_${other}`,
        of: `${prefix}p${percent}`,
        value: ours / theirs,
        unit: '×',
        ...(target && { target: { bound: 'at most', value: target } }),
        note: `${short(ours)} against ${short(theirs)} ms, ${SAMPLES} samples`,
      };
    }),
  );
}

async function welcomed(side: Side, userId: string): Promise<number> {
  const traits = { email: `${userId}@example.com`, firstName: 'Ada' };
  await side.api.post('/v1/batch', { batch: [{ type: 'identify', messageId: randomUUID(), userId, traits }] });
  const body = did(userId, 'Signed Up', { plan: 'free' });
  return timeToDelivery(side, { userId, template: 'welcome', path: '/v1/track', body });
}

function congratulated(side: Side, userId: string): Promise<number> {
  return timeToDelivery(side, {
    userId,
    template: 'congratulation',
    path: '/v1/track',
    body: did(userId, 'Activated'),
  });
}
