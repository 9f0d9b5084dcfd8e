import { createHash } from 'node:crypto';
import type { Outgoing, Provider, SharedProvider } from '../providers/provider';
import type { Delivery, Envelope } from './channel';

/** Up to this part longer, at random, a message waits for a provider that is paused, so that not all come back at once. */
const SPREAD = 0.25;

/**
 * Hands a rendered message over to the first provider that takes it. The providers are tried in an order that is drawn by their weights
 * and the id of the message, so it is the same at every attempt; those without a weight follow as they are listed. A provider that
 * can't take the message now leaves it to the next in the same attempt, unless it may have taken it: then no later attempt asks another
 * one either.
 */
export async function handOver<Content>(
  providers: readonly (Provider<Content> | SharedProvider<Content>)[],
  envelope: Envelope,
  rendered: Pick<Outgoing<Content>, 'to' | 'content' | 'links'>,
  signal: AbortSignal,
): Promise<Delivery> {
  const { id, journey, step, transactional, ttlMs, user, takenBy } = envelope;
  const confirm = (): Promise<void> => envelope.confirm();
  const message = { id, journey, step, transactional, ttlMs, userId: user.id, confirm, ...rendered };
  const holder = providers.find(({ name }) => name === takenBy);
  let last: Retry | null = null;
  let hasTurn = false;
  for (const provider of holder ? [holder] : inTurn(providers, id)) {
    const waitMs = 'pausedMs' in provider ? provider.pausedMs() : 0;
    if (waitMs > 0) {
      last = sooner(last, pausedFor(waitMs));
      continue;
    }
    const away = hasTurn ? null : await envelope.turn?.();
    if (away) return away;
    hasTurn = true;
    const { delivery, mayBeTaken } = await provider.send(message, signal);
    if (delivery.outcome !== 'retry') return { ...delivery, provider: provider.name };
    if (mayBeTaken) return { ...delivery, takenBy: provider.name };
    last = sooner(last, delivery);
    if (signal.aborted) break;
  }
  if (last && holder) return { ...last, takenBy: holder.name };
  return last ?? { outcome: 'retry', code: 'no provider', detail: 'no provider takes messages of this channel' };
}

type Retry = Delivery & { readonly outcome: 'retry' };

function pausedFor(waitMs: number): Retry {
  return {
    outcome: 'retry',
    isWait: true,
    code: 'ProviderPaused',
    detail: 'the provider failed several times, or asked for a pause',
    afterMs: Math.ceil(waitMs * (1 + SPREAD * Math.random())),
  };
}

/** Of the failures of two providers the one after whose pause the message may be sent. The channel's own pause counts as none. */
function sooner(former: Retry | null, latter: Retry): Retry {
  if (!former) return latter;
  return (former.afterMs ?? 0) < (latter.afterMs ?? 0) ? former : latter;
}

/**
 * The order in which a message tries the providers. Each gets a number that grows with its weight, made of the message and its name;
 * the largest goes first (Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006). So each is the first for its share
 * of all messages, and a provider that is added or removed changes the first one of no more messages than it must.
 */
export function inTurn<One extends { readonly name: string; readonly weight?: number }>(
  providers: readonly One[],
  messageId: string,
): One[] {
  const drawn = new Map(providers.map((one) => [one, numberOf(one, messageId)]));
  return [...providers].sort((a, b) => (drawn.get(b) ?? 0) - (drawn.get(a) ?? 0));
}

/** From 0 to 1; -1 without a weight. */
function numberOf(
  { name, weight = 0 }: { readonly name: string; readonly weight?: number },
  messageId: string,
): number {
  if (weight === 0) return -1;
  const drawn = createHash('sha256').update(`${messageId} ${name}`).digest().readUIntBE(0, 6) / 2 ** 48;
  return drawn ** (1 / weight);
}
