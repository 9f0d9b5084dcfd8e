import type { JsonObject } from './json';
import type { MachineSign } from './message-receipt';
import { reactionProperties, type ReactedMessage } from './message-reaction';

/** What a receipt says beyond its kind. Absent where the provider does not say. */
export interface ReceiptFacts {
  /** Of a bounce: whether the address takes no mail for good. */
  readonly permanent?: boolean | undefined;
  /** Of a click: where the link leads. */
  readonly url?: string | undefined;
  /** Of what a machine did: by what it was told from a person. */
  readonly sign?: MachineSign | undefined;
  /** What the person answered. */
  readonly text?: string | undefined;
  /** The words of the provider, for people. */
  readonly detail?: string | undefined;
}

/** The message of a receipt. */
export interface ReportedMessage extends ReactedMessage {
  readonly channel: string;
}

/** The properties of the event of a receipt. */
export function receiptProperties(
  message: ReportedMessage,
  { permanent, url, sign, text, detail }: ReceiptFacts,
): JsonObject {
  return {
    ...reactionProperties(message),
    channel: message.channel,
    ...(permanent !== undefined && { permanent }),
    ...(url !== undefined && { url }),
    ...(sign !== undefined && { sign }),
    ...(text !== undefined && { text }),
    ...(detail !== undefined && { detail }),
  };
}
