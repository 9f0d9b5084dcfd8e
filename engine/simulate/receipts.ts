import { isBuiltIn, type BuiltInChannel, type ChannelName } from '../model/channels';
import type { ReceiptKind } from '../model/message-receipt';

/** What a simulated provider can report. */
export type SimulatedReceipt = Extract<ReceiptKind, 'delivered' | 'opened' | 'clicked' | 'bounced'>;

/** By channel, what its provider reports. */
export type ReportedBy = Readonly<Partial<Record<ChannelName, readonly SimulatedReceipt[]>>>;

/**
 * What providers of the channels that ship report, as docs/channels.md lists it. Push services of browsers and phones report nothing. What
 * people do with messages in the app are events of their own.
 */
const USUAL: Readonly<Record<BuiltInChannel, readonly SimulatedReceipt[]>> = {
  email: ['delivered', 'opened', 'clicked', 'bounced'],
  webPush: [],
  inApp: [],
  push: [],
  sms: ['delivered', 'bounced'],
  voice: ['delivered'],
  whatsApp: ['delivered', 'opened', 'bounced'],
  webhook: [],
  slack: [],
  teams: [],
};

/** What is reported of the messages of a channel: what the population says, or what is usual. Of a channel of one's own, nothing. */
export function reportedBy(channel: ChannelName, given: ReportedBy): readonly SimulatedReceipt[] {
  return given[channel] ?? (isBuiltIn(channel) ? USUAL[channel] : []);
}
