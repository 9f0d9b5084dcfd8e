import type { Outline } from '../definitions/definitions';
import type { ChannelName } from '../model/state';
import type { MostMessages } from './tally';
import type { TreeWay } from './tree';

export type DefectKind =
  'error' | 'unreached step' | 'endless wait' | 'end without goal' | 'nondeterminism' | 'template' | 'budget';

/** Something `explore --check` fails for. */
export interface Defect {
  readonly kind: DefectKind;
  readonly step: string | null;
  /** Of a template, where it is for. */
  readonly channel?: ChannelName;
  readonly text: string;
  /** A path that shows it, in a line. */
  readonly path: string | null;
}

/** Everything a journey can do to one person, as plain data. */
export interface Exploration {
  readonly journey: string;
  /** What lets people enter, as text. */
  readonly enter: string;
  /** Different paths, those that an exit event ends among them. */
  readonly paths: number;
  readonly left: number;
  /** Paths whose code returned although no goal was reached and no exit taken. */
  readonly withoutGoal: number;
  readonly bounds: {
    /** There were more paths than were walked. */
    readonly truncated: boolean;
    readonly maxPaths: number;
    /** Paths cut off in a loop, after how many rounds, and the loops. */
    readonly cut: number;
    readonly rounds: number;
    readonly loops: readonly string[];
  };
  /** Of the paths that end by themselves; null where there is none. `longestMs` is null too where one may never end. */
  readonly shortestMs: number | null;
  readonly longestMs: number | null;
  readonly messages: MostMessages;
  /** The most messages within the span of the journey's budget; null without one. */
  readonly budget: { readonly messages: number; readonly withinMs: number; readonly most: number } | null;
  /** Events it can ever await: waits, exits and goal. */
  readonly awaits: readonly string[];
  readonly defects: readonly Defect[];
  readonly tree: readonly TreeWay[];
  readonly outline: Pick<Outline, 'steps' | 'edges'>;
}
