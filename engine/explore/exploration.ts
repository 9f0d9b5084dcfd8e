import type { Outline } from '../definitions/definitions';
import type { TemplateUse } from '../definitions/template-use';
import type { ChannelName } from '../model/state';
import type { MostMessages } from './most-messages';
import type { TreeWay } from './tree';

export type DefectKind =
  | 'error'
  | 'unreached step'
  | 'endless wait'
  | 'end without goal'
  | 'nondeterminism'
  | 'template'
  | 'unreached template'
  | 'send without channel'
  | 'channel without file'
  | 'unknown trait'
  | 'unknown journey'
  | 'unknown step'
  | 'unknown chat'
  | 'unknown topic'
  | 'endless cycle'
  | 'budget';

/** A defect makes `explore --check` fail. */
export interface Defect {
  readonly kind: DefectKind;
  readonly step: string | null;
  /** The option of the journey that it is in; absent if it is in none. */
  readonly option?: 'enter' | 'key' | 'exit' | 'goal' | 'onEdit' | 'topic';
  /** The channel of a template; absent for other kinds of defects. */
  readonly channel?: ChannelName;
  readonly text: string;
  /** An example of a path with the defect, in one line; null where no single path shows it. */
  readonly path: string | null;
}

/** Everything a journey can do to one person, as plain data. */
export interface Exploration {
  readonly journey: string;
  /** The trigger, as text. */
  readonly enter: string;
  /** The number of different paths, including those that an exit event ends, and those that go on as another one does. */
  readonly paths: number;
  /** Paths that an exit event ends. */
  readonly left: number;
  /** Paths on which the code returned without a goal reached or an exit taken. */
  readonly withoutGoal: number;
  readonly bounds: {
    /** True if a bound ended the walk early, so that some paths were not walked. */
    readonly truncated: boolean;
    readonly maxPaths: number;
    /** The number of paths that were cut off in a loop, after how many rounds, and in which loops. */
    readonly cut: number;
    readonly rounds: number;
    readonly loops: readonly string[];
    /** The number of times that a path came to a place from which another one goes on. It was not walked again from there. */
    readonly folded: number;
  };
  /** Of the paths that end by themselves; null if there are none. `longestMs` is also null if a path may never end. */
  readonly shortestMs: number | null;
  readonly longestMs: number | null;
  /**
   * The steps that wait until an instant, such as one in a trait or an event, or for a time of day in a trait. Only the user's data
   * says how long. In `shortestMs` and `longestMs` an instant comes at once, and the time of day is 09:00.
   */
  readonly timedByData: readonly string[];
  readonly messages: MostMessages;
  /** The most messages in any period as long as the budget's; null if the journey has no budget. */
  readonly budget: { readonly messages: number; readonly withinMs: number; readonly most: number } | null;
  /** Events that the journey can await: in waits, as exits, and as its goal. */
  readonly awaits: readonly string[];
  /** The templates that some path sends. */
  readonly templates: readonly Pick<TemplateUse, 'channel' | 'name'>[];
  readonly defects: readonly Defect[];
  /** What may be a defect and can't be told from here. It does not make `explore --check` fail. */
  readonly warnings: readonly Defect[];
  readonly tree: readonly TreeWay[];
  readonly outline: Pick<Outline, 'steps' | 'edges'>;
}
