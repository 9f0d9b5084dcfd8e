/** The card that shows an in-app message: one for each journey, slot and key. It shows the latest of its messages. */
export interface Card {
  readonly slot: string;
  /** The key of the run in a keyed journey; null in any other. */
  readonly key: string | null;
  /** The message shows a card again that the user has dismissed. */
  readonly reopen?: true;
  /** The position of the step in its run. It tells which message is later if several are decided at the same instant. */
  readonly turn: number;
}
