/** Why a user may not enter a journey, where the timeline counts it. */
export type RefusalCause =
  /** What would let the user enter is older than the journey's `freshness`. */
  | 'too old'
  /** The journey's limit of open runs is reached. */
  | 'open runs';

/**
 * The entries into one journey that were refused for one cause. They are counted, not listed, because anyone who can send events
 * can cause any number of them. Times are epoch milliseconds.
 */
export interface Refusals {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Text for people: why the last one was refused. */
  readonly reason: string;
}
