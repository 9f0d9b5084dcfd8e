import type { Journey } from '../authoring/journey';
import type { Definitions } from '../definitions/definitions';
import type { Run, StepRecord } from '../model/state';
import type { Draft } from '../user/draft';

/** A run to be advanced, and the time. */
export interface RunContext {
  readonly draft: Draft;
  readonly definitions: Definitions;
  readonly journey: Journey;
  /** The run as it was before this instant. */
  readonly run: Run;
  /** The instant that is decided, epoch milliseconds. */
  readonly logicalTime: number;
  /** The wall time, epoch milliseconds. No message is decided for an earlier time. */
  readonly wallTime: number;
  /** The user was last advanced under other definitions, so new steps may be behind the user's position. */
  readonly edited: boolean;
}

/** A step of a run to be advanced. */
export interface StepContext extends RunContext {
  readonly step: string;
  /** The records of the run so far by step, those of this instant included. */
  readonly journal: ReadonlyMap<string, StepRecord>;
  /** The ids of the events that waits of this run have used. A wait that uses an event adds it. */
  readonly consumed: Set<string>;
  /** The number of steps that the code has called up to this one. */
  readonly turn: number;
  /** The step is entered at this instant. If false, it is evaluated again. */
  readonly entering: boolean;
}
