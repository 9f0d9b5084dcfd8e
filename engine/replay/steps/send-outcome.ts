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
