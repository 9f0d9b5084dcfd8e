import type { Definitions } from '../definitions/definitions';
import type { Draft } from '../user/draft';

/** One call of `advance`: the user it fills in, by which definitions, and when. */
export interface AdvanceContext {
  readonly draft: Draft;
  readonly definitions: Definitions;
  /** The wall clock, epoch milliseconds. A message is never sent before it. */
  readonly wallTime: number;
  /** Other definitions decided last. */
  readonly edited: boolean;
}
