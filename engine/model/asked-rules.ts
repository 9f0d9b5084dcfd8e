import type { ChannelName } from './channels';

/**
 * The rules of the policy that were asked about a message, as they are kept with its step. Each list is a channel and the answers, in
 * order. It is written and read by `policy/trace.ts`.
 */
export type AskedRules = readonly (readonly string[])[];

/** A message that the policy holds. */
export interface HeldMessage {
  readonly channel: ChannelName;
  readonly topic?: string;
}
