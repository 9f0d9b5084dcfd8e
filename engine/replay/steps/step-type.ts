import type { z } from 'zod';
import type { EventDefinition } from '../../authoring/event';
import type { CallContext, Facts, SendOutcome, Steps } from '../../authoring/journey';
import type { FormSchema, JsonForm, Lookup, Mistake, NamedEvent, Path } from '../../authoring/json-fields';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import type {
  ChannelName,
  DecidedRecord,
  DoneRecord,
  Hold,
  RecordedEvent,
  StepKind,
  WaitingRecord,
} from '../../model/state';
import type { StepContext } from '../context';

/** A decided step. */
export type Done = Pick<DoneRecord, 'outcome' | 'reason' | 'content' | 'obstacles'> & { readonly facts?: JsonObject };

/** What stands in the journal for a step that was passed over. */
export type Skipped = Pick<Done, 'outcome' | 'facts'>;

/** A step that is not decided yet. */
export interface Waiting extends Pick<WaitingRecord, 'until' | 'reason' | 'zone' | 'awaitsAnswer'> {
  readonly facts?: JsonObject;
  /** The names of the events that could end it before `until`. Default: none. */
  readonly awaits?: readonly string[];
  /** What holds it. Default: nothing. */
  readonly hold?: Hold;
}

export type Progress = { readonly done: Done } | { readonly waiting: Waiting };

/** What a message says, as far as its step decides it. */
export interface MessageContent {
  readonly templates: Readonly<Partial<Record<ChannelName, string>>>;
  readonly data: JsonObject;
}

/** The function that a `call` step wants to have called. */
export type Work = (context: CallContext) => Promise<Json>;

/** An outcome of a step, labelled as a diagram would. The label is empty where there is only one. */
export type Branch = readonly [label: string, outcome: Json];

/** A step as the journey's code calls it: one call, with its arguments. */
export interface StepCall<Answer = unknown> {
  readonly kind: StepKind;
  /** Its arguments, as a diagram would say them. */
  readonly text: string;
  /** Decides the step, or says what it waits for. It is asked when the step is entered and at every later evaluation. */
  progress(context: StepContext, record: WaitingRecord): Progress;
  /** What the step answers when an edit put it behind the user's position. Steps that only evaluate decide; the others do nothing. */
  skip(context: StepContext): Skipped;
  /** The recorded outcome as the journey's code gets it. */
  answer(outcome: Json): Answer;
  /** Its possible outcomes, given example traits. Default: one that says nothing. */
  branches?(traits: JsonObject): readonly Branch[];
  /**
   * What the code gets in an outline, where nobody lives.
   * @param choose takes one of the labels; the path branches there
   */
  outlined?(choose: (labels: readonly string[]) => string): Answer;
  /** Of a message: what it says. */
  readonly message?: MessageContent;
  /** Of a wait: the events it waits for. */
  readonly awaited?: readonly EventDefinition<unknown>[];
  /** Of a call: what is to be called. */
  readonly work?: Work;
  /** It ends the run. */
  readonly ends?: true;
  /** A pause holds it even where its wait has begun. */
  readonly heldByPause?: true;
}

/** Runs or recalls one step. It makes the call itself, so that a mistake in its arguments is the step's. */
export type Perform = <Answer>(step: string, call: () => StepCall<Answer>) => Promise<Answer>;

/** What was chosen at a step of a path: the label, and of a wait the event that came; null for the timeout. */
export interface Chosen {
  readonly label: string;
  readonly event?: string | null;
}

/** How `explore` takes a step's decisions from outside; see `explore/steering.ts`. */
export interface Pilot {
  /** Takes one of the options, the same one as before on this path. */
  choose<Option extends string>(step: string, options: readonly Option[]): Option;
  /** Runs the author's own decision for the errors it makes, and twice: it has to answer the same both times. */
  decided<Value extends Json>(step: string, decide: (facts: Facts) => Value, facts: Facts): Value;
  /** Notes a message, and answers whether the code was seen to look at what became of it. */
  sends(step: string, content: MessageContent): boolean;
  /** Notes what the code looks at in what became of a message. */
  trackOutcome(step: string, outcome: SendOutcome): SendOutcome;
  /** Notes a wait, its events, and whether it has an end. */
  waits(step: string, awaited: readonly EventDefinition<unknown>[], bounded: boolean): void;
  /** Notes which properties the code reads of an event. */
  trackEvent<Event extends Pick<RecordedEvent, 'properties'>>(step: string, event: Event): Event;
}

/** A step of a journey made of data. */
export interface StepForm extends JsonForm {
  readonly kind: StepKind;
  readonly step: string;
}

/** Steps that follow an outcome, and where they stand in the form. */
export interface FormBranch {
  readonly steps: readonly StepForm[];
  readonly path: Path;
}

/** How one kind of step is written as data. */
export interface StepJson<Form extends StepForm = StepForm> {
  /** @param steps the form of the steps of a branch */
  schema(steps: z.ZodType<readonly StepForm[]>): FormSchema<Form>;
  /** Takes the step, and answers the steps to go on with. */
  play(form: Form, j: Steps, event: Lookup): Promise<readonly StepForm[]>;
  /** Its branches. Default: none. */
  branches?(form: Form): readonly FormBranch[];
  /** The events it names, and where. Default: none. */
  events?(form: Form): readonly NamedEvent[];
  /** What a schema can't see. Default: nothing. */
  mistakes?(form: Form): readonly Mistake[];
  /** What only a new definition is refused for, as older ones may have it. Default: nothing. */
  newMistakes?(form: Form): readonly Mistake[];
  /** Where the template of a channel stands; null where it names none. Default: null. */
  template?(form: Form, channel: ChannelName): Path | null;
}

/**
 * Everything the engine knows about one kind of step. A new kind is one file that exports such an object, a line in
 * `steps/index.ts`, and its signature in `Steps`.
 */
export interface StepType<Kind extends StepKind = StepKind, Form extends StepForm = StepForm> {
  readonly kind: Kind;
  /** The method that the journey's code calls. */
  bind(perform: Perform): Steps<never>[Kind];
  /** What was decided, in a word or two. Default: `done`. */
  describe?(outcome: Json): string;
  /** What a run in this step does. Default: it `waits for` the reason. */
  readonly doing?: string;
  /** Which field of a decided step the figures count by; null where its outcome tells no way from another. */
  readonly figure: 'outcome' | 'reason' | null;
  /** Events end it. */
  readonly waitsForEvents?: true;
  /** Its messages may be held, and are withdrawn where an edit removes the step. */
  readonly holdsMessages?: true;
  /** The outcome on a path, where it makes a difference. Default: it makes none. */
  label?(record: DecidedRecord, chosen: Chosen | undefined, isLookedAt: boolean): string;
  /** The method with its decisions taken by the pilot. Default: the method as it is. */
  readonly steer?: (j: Steps<never>, pilot: Pilot) => Steps<never>[Kind];
  /** Its form in a journey made of data; null where it has none. */
  readonly json: StepJson<Form> | null;
}

/** What the journey's code gets for a recorded outcome: its own copy. A change of the journal's would show at every later evaluation. */
export function answerOf<Answer>(call: StepCall<Answer>, outcome: Json): Answer {
  return copyOf(call.answer(outcome));
}

/** A step that is decided at the instant it is entered. */
export function instant<Answer>(
  call: Omit<StepCall<Answer>, 'progress'>,
  decide: (context: StepContext) => Done,
): StepCall<Answer> {
  return { ...call, progress: (context) => ({ done: decide(context) }) };
}

/** For steps that answer nothing. */
export const SILENT = { skip: (): Skipped => ({ outcome: null }), answer: (): void => undefined };
