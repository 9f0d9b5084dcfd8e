import type { Definitions } from '../../definitions/definitions';
import type { Draft } from '../../user/draft';
import type { Journey } from '../../authoring/journey';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import type { Run, StepKind, StepRecord } from '../../model/state';

/** What a step handler works with: the user, the run and the moment. */
export interface StepContext {
  readonly draft: Draft;
  readonly definitions: Definitions;
  readonly journey: Journey;
  /** The run as it was before this pass; `consumed` grows as waits use up events. */
  readonly run: Run;
  readonly consumed: Set<string>;
  /** The logical moment being decided. */
  readonly logicalTime: number;
  /** The real present; a message is never sent in the past. */
  readonly wallTime: number;
  readonly step: string;
  /** The step is entered in this very pass, not looked at again. */
  readonly entering: boolean;
  /** The definitions may differ from those that decided last. */
  readonly edited: boolean;
}

/** Why a send waits whose moment is past: it goes out in the present, in the same call of `advance`. Not worth a note. */
export const CATCHING_UP = 'catching up';

/** A decided step. */
export interface Done {
  readonly outcome: Json;
  readonly reason: string;
  readonly facts?: JsonObject;
  /** What a message says, unless there was no channel for it. */
  readonly content?: string;
}

/** What stands in the journal for a step that was passed over. */
export type Skipped = Pick<Done, 'outcome' | 'facts'>;

/** A step that is not decided yet. `awaits` are the events that could end it before `until`. */
export interface Waiting {
  readonly until: number | null;
  readonly reason: string;
  readonly facts?: JsonObject;
  readonly awaits?: readonly string[];
}

export type Progress = { readonly done: Done } | { readonly waiting: Waiting };

/** How one kind of step behaves. `progress` is asked when the step is entered and at every later look. */
export interface StepHandler<Answer> {
  readonly kind: StepKind;
  progress(context: StepContext, record: StepRecord): Progress;
  /** What a step answers when an edit put it behind the user's position; evaluated steps decide here, the rest do nothing. */
  skip(context: StepContext): Skipped;
  /** The recorded outcome as the journey's code gets it. */
  answer(outcome: Json): Answer;
}

/** What the journey's code gets for a recorded outcome: its own, to do with as it likes. The journal's would change for every later look. */
export function answerOf<Answer>(handler: StepHandler<Answer>, outcome: Json): Answer {
  return copyOf(handler.answer(outcome));
}

/** A step that is decided the moment it is entered. */
export function instant<Answer>(
  kind: StepKind,
  decide: (context: StepContext) => Done,
  options: { readonly skip: (context: StepContext) => Skipped; readonly answer: (outcome: Json) => Answer },
): StepHandler<Answer> {
  return { kind, progress: (context) => ({ done: decide(context) }), ...options };
}

/** For steps that answer nothing. */
export const SILENT = { skip: (): Skipped => ({ outcome: null }), answer: (): void => undefined };
