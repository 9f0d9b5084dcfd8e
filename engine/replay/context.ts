import type { Journey } from '../authoring/journey';
import type { Definitions } from '../definitions/definitions';
import type { Run } from '../model/state';
import type { Draft } from '../user/draft';

/** A run that is advanced, and when. */
export interface RunContext {
  readonly draft: Draft;
  readonly definitions: Definitions;
  readonly journey: Journey;
  /** The run as it was before this instant. */
  readonly run: Run;
  /** The instant that is decided, epoch milliseconds. */
  readonly logicalTime: number;
  /** The wall clock, epoch milliseconds. A message is never sent before it. */
  readonly wallTime: number;
  /** The definitions may differ from those that decided last: new steps may lie behind the user's position. */
  readonly edited: boolean;
}

/** A step of a run that is advanced. */
export interface StepContext extends RunContext {
  readonly step: string;
  /** Ids of the events that waits of this run have used. It grows as waits use up events. */
  readonly consumed: Set<string>;
  /** The step is entered at this very instant, not evaluated again. */
  readonly entering: boolean;
}
