import type { Outgoing, Provider } from '../providers/provider';
import type { Delivery, Envelope } from './channel';

/**
 * Hands a rendered message over to the first provider that takes it. A provider that can't take it now leaves it to the next in the
 * same attempt, unless it may have taken it.
 */
export async function handOver<Content>(
  providers: readonly Provider<Content>[],
  envelope: Envelope,
  rendered: Pick<Outgoing<Content>, 'to' | 'content' | 'links'>,
  signal: AbortSignal,
): Promise<Delivery> {
  const { id, journey, step, transactional, ttlMs, user } = envelope;
  const confirm = (): Promise<void> => envelope.confirm();
  const message = { id, journey, step, transactional, ttlMs, userId: user.id, confirm, ...rendered };
  let last: Delivery | null = null;
  for (const provider of providers) {
    const { delivery, mayBeTaken } = await provider.send(message, signal);
    if (delivery.outcome !== 'retry' || mayBeTaken || signal.aborted) return delivery;
    last = delivery;
  }
  return last ?? { outcome: 'retry', code: 'no provider', detail: 'no provider takes messages of this channel' };
}
