import type { SendOutcome } from '../../authoring/journey';
import type { Json } from '../../model/json';
import type { ChannelName, StepRecord } from '../../model/state';

/** The recorded outcome of a `send`. Missing fields get defaults, as when the step was of another kind. */
export function sendOutcome(outcome: Json): SendOutcome {
  const { status, channel, reason } = (outcome ?? {}) as Partial<SendOutcome>;
  return { status: status ?? 'skipped', channel: channel ?? null, reason: reason ?? 'the step was of another kind' };
}

/** The channel of the message that a step has decided; null if it was no `send`, or has not decided yet. */
export function channelSent({ kind, outcome = null }: StepRecord): ChannelName | null {
  return kind === 'send' ? sendOutcome(outcome).channel : null;
}

export const SENT = 'sent';
export const SUPPRESSED = 'suppressed';

/** The answer of a `send` in an outline. The path branches only if the code reads the status or the reason. */
export function outlinedOutcome(choose: (labels: readonly string[]) => string): SendOutcome {
  let chosen: string | undefined;
  return {
    get status() {
      chosen ??= choose([SENT, SUPPRESSED]);
      return chosen === SENT ? SENT : SUPPRESSED;
    },
    channel: null,
    get reason() {
      chosen = chosen === SUPPRESSED ? choose(REASONS) : (chosen ?? choose([SENT, ...REASONS]));
      return chosen === SENT ? '' : chosen;
    },
  };
}

/** The reasons that do not depend on the policy. */
const REASONS = ['no address', 'no consent'];
