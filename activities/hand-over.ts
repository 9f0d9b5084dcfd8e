import { setTimeout as pause } from 'node:timers/promises';
import { objectionTo } from '../engine/policy/objection';
import type { Switch } from '../engine/model/switch';
import { confirmClaim, type PresentReach } from '../store/claims';
import type { Attempt, OpenMessage } from '../store/messages';
import type { Delivery } from './channels/channel';
import type { ActivityDeps } from './deps';
import { stopwatch } from './stopwatch';

/**
 * How long a claim may have been made or confirmed before its message is handed over. Later than this after the answer to a "no",
 * nothing is handed to a provider any more. Real milliseconds.
 */
export const FRESH_MS = 1_000;

/** A pending event is normally processed within milliseconds. Asking again takes this long, so many times. Real milliseconds. */
const ASK_AGAIN_MS = 200;
const ASKED_AT_MOST = 15;

/**
 * Why a message is not handed over: an outcome of the attempt, `lost` when the message is no longer ours to decide about, or `stopped` by
 * a kill switch.
 */
export type Withheld = Delivery | { readonly outcome: 'lost' } | { readonly outcome: 'stopped'; readonly by: Switch };

/** Rejects the hand-over of a message. The channel gives the attempt up; what comes of it is in `HandOver.withheld`. */
class WithheldError extends Error {
  readonly code = 'WITHHELD';
}

/**
 * Asks once more, at the last moment before bytes go to the provider, whether a message may be sent. The time between the claim and
 * this moment can be long: connections are few, servers slow, and the process may have been frozen.
 */
export class HandOver {
  #withheld: Withheld | null = null;

  /** @param claimAge stopwatch that was started before the claim was made */
  constructor(
    private readonly deps: Pick<ActivityDeps, 'pool' | 'clock' | 'rates' | 'switches'>,
    private readonly message: OpenMessage & Attempt,
    private claimAge: () => number,
    private readonly signal: AbortSignal,
  ) {}

  /** Why the message was not handed over; null when it may have been. */
  get withheld(): Withheld | null {
    return this.#withheld;
  }

  /**
   * Resolves when the message may be handed over now. Costs nothing while the claim is fresh, and one statement otherwise.
   * @throws when it may not, and when the database can't be asked
   */
  async confirm(): Promise<void> {
    this.#stop();
    for (let asked = 0; this.claimAge() > FRESH_MS; asked++) {
      if (this.signal.aborted) throw new WithheldError('the attempt was given up');
      const claimAge = stopwatch();
      const answer = await confirmClaim(this.deps.pool, this.message);
      if (answer.kind === 'pending' && asked < ASKED_AT_MOST) {
        await pause(ASK_AGAIN_MS);
        continue;
      }
      if (answer.kind === 'lost') this.#withhold({ outcome: 'lost' });
      if (answer.kind === 'pending') this.#withhold(PENDING);
      const stale = staleBecause(this.message, answer.reach, this.deps.clock.now());
      if (stale) this.#withhold(stale);
      this.claimAge = claimAge;
      this.#stop();
    }
  }

  /**
   * Waits for the message's turn under the rate of its channel, if it is near.
   * @param isReturned whether the message was sent away before
   * @returns null when it may be sent; otherwise that it has to come back
   */
  async turn(isReturned: boolean): Promise<Delivery | null> {
    const afterMs = (await this.deps.rates[this.message.channel]?.turn(isReturned)) ?? null;
    return afterMs === null ? null : { ...IN_LINE, afterMs };
  }

  /** Withholds a message that a kill switch stops. */
  #stop(): void {
    const by = this.deps.switches.stopping(this.message);
    if (by) this.#withhold({ outcome: 'stopped', by });
  }

  #withhold(withheld: Withheld): never {
    this.#withheld = withheld;
    throw new WithheldError('the message may not be handed over any more');
  }
}

const IN_LINE = {
  outcome: 'retry',
  code: 'Rate',
  detail: 'the rate of the channel left no room',
  isWait: true,
} as const;

const PENDING: Delivery = {
  outcome: 'retry',
  code: 'EventPending',
  detail: 'an event of the user was not processed in time',
  afterMs: 1_000,
};

/**
 * Why a message decided earlier must no longer be sent.
 * @param now epoch milliseconds of the journey clock
 * @returns null when it may be sent
 */
export function staleBecause(
  { transactional, topic, channel, expiresAt }: OpenMessage,
  reach: PresentReach,
  now: number,
): (Delivery & { readonly outcome: 'suppressed' }) | null {
  if (now > expiresAt) return { outcome: 'suppressed', cause: 'expired', reason: 'expired' };
  // It was decided by somebody's answer, or by the default of the topic. Only an answer since then can stand against it.
  const about = topic == null ? undefined : ({ name: topic, default: 'in' } as const);
  const objection = objectionTo(reach, channel, { transactional, topic: about });
  return objection && { outcome: 'suppressed', ...objection };
}
