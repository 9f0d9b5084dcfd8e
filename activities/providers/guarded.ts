import { performance } from 'node:perf_hooks';
import { providerSends, providerState } from '../../config/metrics';
import { Circuit, type CircuitState } from './circuit';
import { Confirmation } from './confirmation';
import type { HandedOver, Outgoing, Provider, SharedProvider } from './provider';
import { Room } from './room';

/** What `sojourn_provider_state` shows. */
const SHOWN: Readonly<Record<CircuitState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** How a provider is guarded. */
export interface GuardOptions {
  readonly channel: string;
  readonly weight: number;
  /** A steady clock, in milliseconds. Default: that of the process. */
  readonly now?: () => number;
}

/**
 * Guards the rest of a worker against one provider. While it asks for a pause, nobody asks it. After several failures it is left alone
 * for a while, and then tried with one message. One that is slow gets no more messages at once than a worker can do without.
 */
export function guarded<Content>(
  provider: Provider<Content>,
  { channel, weight, now = () => performance.now() }: GuardOptions,
): SharedProvider<Content> {
  const labels = { channel, provider: provider.name };
  const show = (state: CircuitState): void => providerState.set(labels, SHOWN[state]);
  const circuit = new Circuit(now, show);
  const room = new Room(now);
  show('closed');

  async function send(message: Outgoing<Content>, signal: AbortSignal): Promise<HandedOver> {
    const leave = await room.enter();
    if (leave === null) return { delivery: BUSY, mayBeTaken: false };
    // It may have begun to fail while the message waited.
    const waitMs = circuit.waitMs;
    if (waitMs > 0) {
      leave();
      return { delivery: { ...PAUSED, afterMs: waitMs }, mayBeTaken: false };
    }
    circuit.begin();
    const confirmation = new Confirmation(message);
    try {
      const handed = await provider.send({ ...message, confirm: () => confirmation.ask() }, signal);
      // Some providers make a failure of a message that may not be sent any more. It is none of theirs.
      if (confirmation.isRefused && handed.delivery.outcome === 'retry') circuit.unknown();
      else note(handed);
      return handed;
    } catch (error) {
      // The message may not be sent any more, or there is an error in the code: neither is a failure of the provider.
      circuit.unknown();
      throw error;
    } finally {
      leave();
    }
  }

  function note({ delivery, isOfMessage = false }: HandedOver): void {
    providerSends.inc({ ...labels, outcome: delivery.outcome });
    if (delivery.outcome !== 'retry') circuit.succeeded();
    else if (isOfMessage) circuit.unknown();
    else if (delivery.afterMs !== undefined && delivery.afterMs > 0) circuit.pause(delivery.afterMs);
    else circuit.failed();
  }

  return {
    name: provider.name,
    weight,
    pausedMs: () => circuit.waitMs,
    send,
    close: async () => {
      providerState.remove(labels);
      await provider.close();
    },
  };
}

const BUSY = {
  outcome: 'retry',
  code: 'ProviderBusy',
  detail: 'the provider is slow, and as many messages as it may hold up wait for its answer',
  afterMs: 2_000,
  isWait: true,
} as const;

const PAUSED = {
  outcome: 'retry',
  code: 'ProviderPaused',
  detail: 'the provider is not asked for a while',
  isWait: true,
} as const;
