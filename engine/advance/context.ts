import type { Definitions } from '../definitions/definitions';
import type { Draft } from '../user/draft';

/** One call of `advance`: the user, the definitions and the time. */
export interface AdvanceContext {
  readonly draft: Draft;
  readonly definitions: Definitions;
  /** The wall time, epoch milliseconds. No message is decided for an earlier time. */
  readonly wallTime: number;
  /** Other definitions decided last. */
  readonly edited: boolean;
}
