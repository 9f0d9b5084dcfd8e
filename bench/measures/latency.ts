import { randomUUID } from 'node:crypto';
import type { Report } from '../../dev/report';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { did } from '../people';
import type { Rig } from '../rig';
import type { Side } from '../side';
import { percentile } from '../stats';

const WARM_UP = 20;
const SAMPLES = 200;

type Samples = Readonly<Record<Side['name'], readonly number[]>>;

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
  rig: Rig,
  people: readonly string[],
  measure: (side: Side, userId: string) => Promise<number>,
): Promise<Samples> {
  const samples = { ours: [] as number[], native: [] as number[] };
  for (const [index, userId] of people.entries()) {
    for (const side of [rig.ours, rig.native]) {
      const sample = await measure(side, userId);
      if (index >= WARM_UP) samples[side.name].push(sample);
    }
  }
  return samples;
}

function figures(prefix: string, samples: Samples): Figure[] {
  return [50, 99].map((percent) => {
    const ours = percentile(samples.ours, percent);
    const native = percentile(samples.native, percent);
    return {
      name: 'latency_vs_native',
      of: `${prefix}p${percent}`,
      value: ours / native,
      unit: '×',
      target: { bound: 'at most', value: 1 },
      note: `${short(ours)} against ${short(native)} ms, ${SAMPLES} samples`,
    };
  });
}

async function welcomed(side: Side, userId: string): Promise<number> {
  const traits = { email: `${userId}@example.com`, firstName: 'Ada' };
  await side.api.post('/v1/batch', { batch: [{ type: 'identify', messageId: randomUUID(), userId, traits }] });
  return timed(side, userId, 'welcome', did(userId, 'Signed Up', { plan: 'free' }));
}

function congratulated(side: Side, userId: string): Promise<number> {
  return timed(side, userId, 'congratulation', did(userId, 'Activated'));
}

async function timed(side: Side, userId: string, template: string, event: unknown): Promise<number> {
  const delivered = side.delivery(userId, template);
  const begun = monotonicMs();
  await side.api.post('/v1/track', event);
  return (await delivered) - begun;
}
