import type { Random } from '../../engine/testing/random';
import type { World } from './world';

const HOUR_MS = 3_600_000;

/** What the shop does about an order, each so many hours after the one before, and how often it comes to it at all. */
const STAGES = [
  { event: 'Order Preparing', from: 2, to: 8, chance: 0.97 },
  { event: 'Order Ready', from: 8, to: 30, chance: 0.97 },
  { event: 'Order Completed', from: 2, to: 40, chance: 0.95 },
] as const;

/** Somebody places an order, and the shop sees to it. */
export function followOrder({ product, agenda, clock }: World, userId: string, orderId: string, random: Random): void {
  product.did(userId, 'Order Placed', { orderId });
  let moment = clock.now();
  for (const { event, from, to, chance } of STAGES) {
    if (!random.chance(chance)) return;
    moment += random.between(from, to) * HOUR_MS;
    agenda.at(moment, () => product.happenedTo(userId, event, { orderId }));
  }
}
