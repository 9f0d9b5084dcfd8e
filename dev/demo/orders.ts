import type { Random } from '../../engine/testing/random';
import type { World } from './world';

const HOUR_MS = 3_600_000;

/** The stages of an order: `from` to `to` hours after the previous stage, reached with probability `chance`. */
const STAGES = [
  { event: 'Order Preparing', from: 2, to: 8, chance: 0.97 },
  { event: 'Order Ready', from: 8, to: 30, chance: 0.97 },
  { event: 'Order Completed', from: 2, to: 40, chance: 0.95 },
] as const;

/** Places an order, and schedules the events with which the shop processes it. */
export function followOrder({ product, agenda, clock }: World, userId: string, orderId: string, random: Random): void {
  product.did(userId, 'Order Placed', { orderId });
  let time = clock.now();
  for (const { event, from, to, chance } of STAGES) {
    if (!random.chance(chance)) return;
    time += random.between(from, to) * HOUR_MS;
    agenda.at(time, () => product.happenedTo(userId, event, { orderId }));
  }
}
