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

/** From `POST /v1/track` to the delivery call, one person at a time, the sides in turn: milliseconds. */
export async function measureLatency(rig: Rig, report: Report): Promise<Figure[]> {
  const samples = { ours: [] as number[], native: [] as number[] };
  for (let index = 0; index < WARM_UP + SAMPLES; index++) {
    for (const side of [rig.ours, rig.native]) {
      const sample = await sampled(side);
      if (index >= WARM_UP) samples[side.name].push(sample);
    }
  }
  report('latency: sampled');
  return [50, 99].map((percent) => {
    const ours = percentile(samples.ours, percent);
    const native = percentile(samples.native, percent);
    return {
      name: 'latency_vs_native',
      of: `p${percent}`,
      value: ours / native,
      unit: '×',
      target: { bound: 'at most', value: 1 },
      note: `${short(ours)} against ${short(native)} ms, ${SAMPLES} samples`,
    };
  });
}

async function sampled(side: Side): Promise<number> {
  const userId = randomUUID();
  await side.api.post('/v1/batch', {
    batch: [
      {
        type: 'identify',
        messageId: randomUUID(),
        userId,
        traits: { email: `${userId}@example.com`, firstName: 'Ada' },
      },
    ],
  });
  const delivered = side.delivery(userId, 'welcome');
  const begun = monotonicMs();
  await side.api.post('/v1/track', did(userId, 'Signed Up', { plan: 'free' }));
  return (await delivered) - begun;
}
