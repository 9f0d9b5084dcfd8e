import type { z } from 'zod';
import type { EventFact, ReadEvent } from '../../authoring/condition';
import type { NamedChannel } from '../../authoring/channel-fields';
import type { EventDefinition } from '../../authoring/event';
import type { CallContext, Facts, SendOptions, SendOutcome, Steps } from '../../authoring/journey';
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
import type { When } from '../../model/instant';
import type { LeadsTo } from '../../definitions/definitions';
import type { StepContext } from '../context';

/** What a step records when it is decided. The reason shows in the Temporal UI: it holds no personal data. */
export type Done = Pick<
  DoneRecord,
  'outcome' | 'reason' | 'figure' | 'content' | 'obstacles' | 'asked' | 'uncounted'
> & {
  readonly facts?: JsonObject;
};

/** What a step records when it is skipped. */
export type Skipped = Pick<Done, 'outcome' | 'facts'>;

/** What a step records while it is not decided. */
export interface Waiting extends Pick<
  WaitingRecord,
  | 'until'
  | 'reason'
  | 'zone'
  | 'follows'
  | 'awaitsAnswer'
  | 'askedAt'
  | 'narrowed'
  | 'collectsSince'
  | 'holds'
  | 'asked'
> {
  readonly facts?: JsonObject;
  /** The names of the events that can end it before `until`. Default: none. */
  readonly awaits?: readonly string[];
  /** What holds it. Default: nothing. */
  readonly hold?: Hold;
}

export type Progress = { readonly done: Done } | { readonly waiting: Waiting };

/** The content of a message, as far as its step determines it. */
export interface MessageContent {
  readonly templates: Readonly<Partial<Record<ChannelName, string>>>;
  readonly data: JsonObject;
  /** Absent: as the journey says. */
  readonly transactional?: boolean | undefined;
}

/** Thrown by a step to park its run. The message shows in the Temporal UI: it holds no personal data. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
}

/** The function of a `call` step. */
export type Work = (context: CallContext) => Promise<Json>;

/** A possible outcome of a step, with its label in a diagram. The label is empty if there is only one. */
export type Branch = readonly [label: string, outcome: Json];

/** What `explore` may find of a step depends on this, if it is reached at another time: how long it takes, and its outcomes. */
export type DependsOn = 'nothing' | 'time of day' | 'weekday' | 'date';

/** One call of a step by the journey's code, with its arguments. */
export interface StepCall<Answer = unknown> {
  readonly kind: StepKind;
  /** Its arguments, as a diagram shows them. */
  readonly text: string;
  /** Decides the step, or says what it waits for. It is called when the step is entered and at every later evaluation. */
  progress(context: StepContext, record: WaitingRecord): Progress;
  /** The outcome when an edit makes the run skip the step. A step that only evaluates is evaluated; any other does nothing. */
  skip(context: StepContext): Skipped;
  /** The recorded outcome, as the journey's code gets it. */
  answer(outcome: Json): Answer;
  /** Default: nothing. */
  readonly dependsOn?: DependsOn;
  /** The outcome that one recorded by `explore` stands for. Default: that one. */
  readonly explored?: (outcome: Json) => Json;
  /** Its possible outcomes, given example traits. Default: one outcome, null. */
  branches?(traits: JsonObject): readonly Branch[];
  /** The outcomes that it may have for other people too. Default: its `branches`. */
  furtherBranches?(traits: JsonObject): readonly Branch[];
  /**
   * What the code gets in an outline. Default: the answer for one of the `branches`.
   * @param choose returns one of the labels. The path branches there
   */
  outlined?(choose: (labels: readonly string[]) => string): Answer;
  /** For a message: its content. */
  readonly message?: MessageContent;
  /** For a wait: the events it waits for. */
  readonly awaited?: readonly EventDefinition<unknown>[];
  /** The author's function that decides it from what the user did. */
  readonly decides?: (facts: Facts) => Json;
  /** For a call: the function to call. */
  readonly work?: Work;
  /** For a step by which others may enter journeys: what it does to that end. */
  readonly leadsTo?: LeadsTo;
  /** For a call: how often the function may fail. Absent if there is no limit. */
  readonly attempts?: number;
  /** It ends the run. */
  readonly ends?: true;
  /** A pause holds it even if its wait has begun. */
  readonly heldByPause?: true;
}

/** Decides or recalls one step. It calls `call` itself, so that an error in the arguments is reported for this step. */
export type Perform = <Answer>(step: string, call: () => StepCall<Answer>) => Promise<Answer>;

/** The choice at a step of a path. */
export interface Chosen {
  readonly label: string;
  /** For a wait: the name of the event that came; null for the timeout. */
  readonly event?: string | null;
  /** What the code got instead of the recorded outcome. Absent: the recorded one. */
  readonly outcome?: Json;
}

/** Is told what steps ask for. */
export interface Notes {
  /** A message, its template for each channel, and the topic that the step names. */
  sends(step: string, templates: MessageContent['templates'], topic: string | undefined): void;
  /** The time that ends a wait. */
  endsAt(step: string, when: When): void;
  /** The journey that a step starts, or its id. */
  starts(step: string, journey: string | { readonly id: string }): void;
  /** The chat in which a step opens or closes a conversation, and the roles of the people. */
  talks(step: string, chat: string, roles: readonly string[]): void;
  /** What the ways out of a wait are called, one for each of its events. Default: the names of the events. */
  calls(step: string, labels: readonly string[]): void;
  /** The events for which a step waits. */
  awaits(step: string, events: readonly EventDefinition<unknown>[]): void;
}

/** Makes the decisions of steps in place of a user, for `explore`. See `explore/steering.ts`. */
export interface Pilot {
  readonly notes: Notes;
  /** Chooses one of the options. On the same path it is always the same one. */
  choose<Option extends string>(step: string, options: readonly Option[]): Option;
  /** Calls the author's function twice, to find its errors and to check that it returns the same both times. */
  decided<Value extends Json>(step: string, decide: (facts: Facts) => Value, facts: Facts): Value;
  /** The values of a pick that asks what the user did, for the numbers that the code compares. Otherwise none. */
  picksByHistory<Value extends Json>(decide: (facts: Facts) => Value, facts: Facts): readonly Value[];
  /** Notes a message. Returns what the code is known to read of its outcome; null for nothing. */
  sends(step: string, content: MessageContent): 'status' | 'reason' | null;
  /** Does the code compare anything with this value? */
  compares(value: Json): boolean;
  /** Every reason for which the policy can suppress a message on these channels. */
  suppressReasons(
    channels: readonly ChannelName[],
    message: Pick<SendOptions, 'transactional' | 'topic'>,
  ): readonly string[];
  /** The outcome of a step that the code gets in place of the recorded one. */
  replaces(step: string, outcome: Json): void;
  /** Notes what the code reads of a message's outcome. */
  trackOutcome(step: string, outcome: SendOutcome): SendOutcome;
  /** Notes a wait, its events, and whether it has an end. */
  waits(step: string, awaited: readonly EventDefinition<unknown>[], bounded: boolean): void;
  /** Notes the value that a step has on this path, if it may also have values that were not found. */
  guesses(step: string, value: Json): void;
  /** Notes a step that waits for an answer from outside, and the answers it may get. */
  answers(step: string, answers: readonly Branch[]): void;
  /** Notes what the code gets of a step of which `explore` records less. */
  shows(step: string, answer: Json): void;
  /** Notes which properties of an event the code reads. */
  trackEvent<Event extends Pick<RecordedEvent, 'properties'>>(step: string, event: Event): Event;
}

/** The names of methods that call several steps. */
export type CompositeName = 'ask';

/** A step of a journey made of data. */
export interface StepForm extends JsonForm {
  readonly kind: StepKind | CompositeName;
  readonly step: string;
}

/** The steps that follow an outcome, and their place in the form. */
export interface FormBranch {
  readonly steps: readonly StepForm[];
  readonly path: Path;
}

/** What the steps of a journey made of data may use. */
export interface PlayContext {
  readonly event: Lookup;
  /** The events that ended the waits so far, by the name of the wait; null if its time was up. */
  readonly waits: Map<string, ReadEvent | null>;
}

/** How one kind of step is written in a journey made of data. */
export interface StepJson<Form extends StepForm = StepForm> {
  /**
   * The schema of the form.
   * @param steps the schema of the steps of a branch
   */
  schema(steps: z.ZodType<readonly StepForm[]>): FormSchema<Form>;
  /** Performs the step, and returns the steps of the branch to go on with. */
  play(form: Form, j: Steps, context: PlayContext): Promise<readonly StepForm[]>;
  /** The names of the steps that it calls, as far as it calls them. Default: its own. */
  names?(form: Form): readonly string[];
  /** Its branches. Default: none. */
  branches?(form: Form): readonly FormBranch[];
  /** The events that it names, with their places. Default: none. */
  events?(form: Form): readonly NamedEvent[];
  /** The channels that it names, with their places. Default: none. */
  channels?(form: Form): readonly NamedChannel[];
  /** The facts about events that it reads, with their places. Default: none. */
  reads?(form: Form): readonly EventFact[];
  /** Mistakes that the schema can't find. Default: none. */
  mistakes?(form: Form): readonly Mistake[];
  /** Mistakes for which only a new definition is refused, because published ones may have them. Default: none. */
  newMistakes?(form: Form): readonly Mistake[];
  /** The place of the template for a channel; null when there is none. Default: null. */
  template?(form: Form, channel: ChannelName): Path | null;
}

/**
 * Everything the engine knows about one kind of step. To add a kind, write one file that exports such an object, list it in
 * `steps/index.ts`, and declare its method in `Steps`.
 */
export interface StepType<Kind extends StepKind = StepKind, Form extends StepForm = StepForm> {
  readonly kind: Kind;
  /** The method that the journey's code calls. */
  bind(perform: Perform): Steps<never>[Kind];
  /** What may follow the given name in the names of further steps of the same call, as patterns. Default: a call is one step. */
  readonly suffixes?: readonly string[];
  /** The outcome in a word or two. Default: `done`. */
  describe?(outcome: Json): string;
  /** What templates see of the outcome, as the code gets it: `{{ steps.coupon.code }}`. Absent: such steps have no answer. */
  tells?(outcome: Json): Json;
  /** What a run in this step does, before the reason of the wait. Default: `waits for`. */
  readonly doing?: string;
  /** The field by which `simulate` and the API's rates count its outcomes, unless a record has a `figure`; null when they are not counted. */
  readonly figure: 'outcome' | 'reason' | null;
  /** Events can end it. */
  readonly waitsForEvents?: true;
  /** A run may stay in it, until a time or an event. Default: it is decided when it is reached, or soon after. */
  readonly takesTime?: true;
  /** Its messages may be held. They are withdrawn if an edit removes the step. */
  readonly holdsMessages?: true;
  /** The label of the outcome on a path. Default: empty, the outcome makes no difference. */
  label?(record: DecidedRecord, chosen: Chosen | undefined, isRead: boolean): string;
  /** The method with decisions that the pilot makes. Default: the method as it is. */
  readonly steer?: (j: Steps<never>, pilot: Pilot) => Steps<never>[Kind];
  /** How the step is written in a journey made of data; null when it can't be. */
  readonly json: StepJson<Form> | null;
}

/**
 * A method of a journey's code that calls several steps, each of which has its kind, its record and its rules. Their names are made of
 * the name that the code gives. Nothing is stored of the whole.
 */
export interface CompositeType<Name extends CompositeName = CompositeName, Form extends StepForm = StepForm> {
  readonly name: Name;
  /** What may follow the given name in the names of its steps, as patterns. */
  readonly suffixes: readonly string[];
  /** The method that the journey's code calls. */
  bind(perform: Perform): Steps<never>[Name];
  /** The method with decisions that the pilot makes, of steps that it steers. */
  steer(j: Steps<never>, pilot: Pilot): Steps<never>[Name];
  /** How it is written in a journey made of data. */
  readonly json: StepJson<Form>;
}

/** What the journey's code gets for a recorded outcome. It is a copy, so that the code can't change the journal. */
export function answerOf<Answer>(call: StepCall<Answer>, outcome: Json): Answer {
  return copyOf(call.answer(outcome));
}

/** What the journey's code gets for an outcome that `explore` has recorded. */
export function exploredAnswerOf<Answer>(call: StepCall<Answer>, outcome: Json): Answer {
  return answerOf(call, call.explored?.(outcome) ?? outcome);
}

/** Makes a step that is decided at the instant it is entered. */
export function instant<Answer>(
  call: Omit<StepCall<Answer>, 'progress'>,
  decide: (context: StepContext) => Done,
): StepCall<Answer> {
  return { ...call, progress: (context) => ({ done: decide(context) }) };
}

/** The answers of a step that returns nothing to the code. */
export const SILENT = { skip: (): Skipped => ({ outcome: null }), answer: (): void => undefined };
