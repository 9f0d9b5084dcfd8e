/** A person of a conversation, as a journey or the app names them. */
export interface ChatParticipant {
  readonly userId: string;
  readonly role: string;
  /** The name that the others see. */
  readonly name: string;
}

/**
 * What a journey changes of a conversation. `id` is a UUID v5 of run and step, so the same decision is the same change. It is carried
 * out once, when the decision is saved.
 */
export interface ChatChange {
  readonly id: string;
  /** The name of the chat, as it is declared. */
  readonly chat: string;
  /** Tells the conversation from others of the same chat. */
  readonly key: string;
  /** Epoch milliseconds of wall time: like a message, it never happens in the past. */
  readonly at: number;
  /** How long the conversation is kept after it is closed, or after its last message, in milliseconds. */
  readonly keepMs: number;
  /** The people in the conversation from now on; null when the conversation is closed. */
  readonly participants: readonly ChatParticipant[] | null;
}
