import { eventText, isOneOf, type EventDefinition } from '../authoring/event';
import { comparedByName, comparedIn } from '../authoring/literals';
import { exampleOf, hasExample } from '../authoring/example';
import type { Variant } from '../authoring/variants';
import type { Facts, Journey, SendOptions, SendOutcome, Steps } from '../authoring/journey';
import { QUESTION_TEMPLATE } from '../authoring/question';
import type { Json, JsonObject } from '../model/json';
import { shownName } from '../model/shown-name';
import type { ChannelName, RecordedEvent, Run } from '../model/state';
import { ChoiceTree } from '../outline/choices';
import { steerSteps, type Branch, type Chosen, type MessageContent, type Pilot } from '../replay/steps';
import type { Definitions } from '../definitions/definitions';
import { suppressReasons } from '../policy/decide';
import { topicOfMessage } from '../topics/everyone';
import type { Topics } from '../topics/topic';
import type { Policy } from '../policy/define';
import { keyOf } from '../user/history';
import { exampleTriggers, triggerType } from '../user/triggers';
import { outcomesByHistory } from './asked';
import { bounded } from './bounded';
import { Continuations, differing } from './continuation';
import type { ReadTracker } from './read-tracker';
import { StepNotes } from './step-notes';

/** Stands for the entry where a step's name is expected; no step has an empty name. */
const ENTRY = '';

/** A way out of a wait: its label and its event, which is null for the timeout. */
export type WayOut = readonly [label: string, event: RecordedEvent | null];

/** Another example of an event, and what it differs in. */
type Like = readonly [label: string, event: RecordedEvent];

/** An event that can come in any step, with an example's properties. */
export interface Happening {
  readonly name: string;
  readonly properties: JsonObject;
  /** An event of this name can also be another one. */
  readonly isFiltered: boolean;
}

/**
 * Makes a journey's decisions from outside, so that every outcome can be reached. Only what depends on the person is
 * replaced: the answer of a check, the weights of an experiment, the channels of a send. The engine decides everything
 * else.
 */
export class Steering implements Pilot {
  readonly journey: Journey;
  readonly notes = new StepNotes();
  readonly sendings = new Map<string, MessageContent>();
  /** What the code last got of steps of which less is recorded. */
  readonly answersShown = new Map<string, Json>();
  /** Checks and picks that gave different answers for the same facts. */
  readonly inconsistent = new Set<string>();
  /** Filtered events of which no example passes, as text, and the step that waits for them; null outside of steps. */
  readonly withoutExample = new Map<string, string | null>();
  private readonly awaited = new Map<
    string,
    { readonly awaited: readonly EventDefinition<unknown>[]; readonly bounded: boolean }
  >();
  private readonly answered = new Map<string, readonly Branch[]>();
  /** Messages whose template is named by a step of which not every value is known. */
  readonly guessedTemplates = new Map<string, { readonly channel: ChannelName; readonly by: string }>();
  private readonly guessed = new Map<string, string>();
  private readonly policy: Policy;
  private readonly topics: Topics | undefined;
  private readonly continuations: Continuations;
  private readonly compared: readonly Json[];
  private readonly comparedByName: ReadonlyMap<string, readonly Json[]>;
  private choices = new ChoiceTree();
  private chosen = new Map<string, Chosen>();

  /**
   * @param definitions the policy, the topics, and example traits of a user
   * @param maxRounds the most steps of one path with names that differ only in a number, as in a loop
   * @param reads what the code is known to read; new reads are added
   */
  constructor(
    private readonly original: Journey,
    definitions: Pick<Definitions, 'policy' | 'traits' | 'topics'>,
    maxRounds: number,
    readonly reads: ReadTracker,
  ) {
    this.policy = definitions.policy;
    this.topics = definitions.topics;
    this.continuations = new Continuations(original, definitions);
    this.compared = comparedIn(original.run);
    this.comparedByName = comparedByName(original.run);
    const key = original.key ? (keyOf(original, exampleTriggers(original)[0][1]) ?? 'example') : null;
    this.journey = {
      ...original,
      // There is a single run, and every event concerns it.
      reenter: 'never',
      key: key === null ? null : () => key,
      run: (j) => original.run(bounded(this.steered(j), maxRounds)),
    };
  }

  /** From now on, takes decisions from `choices` and records them in `chosen`, by step. */
  follow(choices: ChoiceTree, chosen: Map<string, Chosen>): void {
    this.choices = choices;
    this.chosen = chosen;
    this.guessed.clear();
  }

  /**
   * The channels and templates of a send, as it last asked for them.
   * @returns null when the step is not a send
   */
  textOf(step: string): string | null {
    const sending = this.sendings.get(step);
    // A question is shown by its text.
    if (!sending || sending.templates.inApp === QUESTION_TEMPLATE) return null;
    return Object.entries(sending.templates)
      .map(([channel, template]) => `${channel} ${template}`)
      .join(', ');
  }

  /** Is this step a wait for events? */
  isWait(step: string): boolean {
    return this.awaited.has(step);
  }

  /** The ways out of a wait: one for the example of each event that it awaits, and the timeout. Empty for other steps. */
  waysOut(step: string): readonly WayOut[] {
    const wait = this.awaited.get(step);
    if (!wait) return [];
    const { awaited, bounded } = wait;
    const labels = this.notes.labels.get(step) ?? [];
    return [
      ...awaited.flatMap((definition, n): WayOut[] =>
        this.isShown(definition, step) ? [[labels[n] ?? shownName(definition.name), exampleOf(definition)]] : [],
      ),
      ...(bounded ? [['timeout', null] as const] : []),
    ];
  }

  /** Further ways out of a wait, by other examples of its events. Those that the code takes no different way for are left out. */
  async otherWaysOut(run: Run, step: string): Promise<readonly WayOut[]> {
    const [others, combined] = this.eventsLike(step, this.awaited.get(step)?.awaited ?? []);
    return differing(this.waysOut(step), others, combined, ([, event]) =>
      this.continuations.from(run, { outcome: event && { ...event } }),
    );
  }

  /** The answers from outside that the step may get. */
  answersTo(step: string): readonly Branch[] {
    return this.answered.get(step) ?? [['', null]];
  }

  /** The steps that only ever got the answer null from outside. */
  get onlyNull(): readonly string[] {
    const isNull = (answers: readonly Branch[]): boolean => answers.every(([, answer]) => answer === null);
    return [...this.answered].filter(([, answers]) => isNull(answers)).map(([step]) => step);
  }

  /** The ways to enter: one for each count of a milestone, or for each example of an event that makes a difference. */
  async entries(): Promise<readonly (readonly [label: string, event: RecordedEvent])[]> {
    const { enter } = this.journey;
    const varied = triggerType(enter).varies?.(enter) ?? [];
    const shown = varied.filter((definition) => this.isShown(definition, null));
    const examples = exampleTriggers(this.journey).filter(([, event]) => varied.length === 0 || isOneOf(event, shown));
    const [variants, combined] = this.eventsLike(ENTRY, shown);
    const others = await differing(examples, variants, combined, ([, trigger]) =>
      this.continuations.from({ trigger, key: keyOf(this.journey, trigger) ?? null, journal: [] }),
    );
    return [...examples, ...others];
  }

  /** The exits. */
  exits(): readonly Happening[] {
    const { exit, exitEvents } = this.journey;
    if (!exitEvents) return exit.map((name) => ({ name, properties: {}, isFiltered: false }));
    return this.shown(exitEvents).map((one) => (one.isFiltered ? one : { ...one, properties: {} }));
  }

  /** The events that reach the goal. */
  goals(): readonly Happening[] {
    const { goal } = this.journey;
    if (!goal) return [];
    return goal.events ? this.shown(goal.events) : [{ name: goal.event, properties: goal.example, isFiltered: false }];
  }

  private shown(events: readonly EventDefinition<unknown>[]): Happening[] {
    return events
      .filter((definition) => this.isShown(definition, null))
      .map((definition) => ({ ...exampleOf(definition), isFiltered: definition.filters !== undefined }));
  }

  /**
   * Is there an example of the event that passes its filters? If not, that is noted as a defect.
   * @param step the step that waits for it; null outside of steps
   */
  isShown(definition: EventDefinition<unknown>, step: string | null): boolean {
    const isShown = hasExample(definition);
    if (!isShown) this.withoutExample.set(eventText(definition), step);
    return isShown;
  }

  /** Other examples of events: those that differ in one property or are declared, and those that differ in two. */
  private eventsLike(where: string, definitions: readonly EventDefinition<unknown>[]): readonly [Like[], Like[]] {
    const like = (variantsOf: (definition: EventDefinition<unknown>) => readonly Variant[]): Like[] =>
      definitions.flatMap((definition) =>
        variantsOf({ ...definition, example: exampleOf(definition).properties })
          .map(({ label, properties }): Like => [
            `${shownName(definition.name)}, ${label}`,
            { id: 'example', name: definition.name, at: 0, properties },
          ])
          .filter(([, event]) => isOneOf(event, [definition])),
      );
    return [
      like((definition) => this.reads.variantsAt(where, definition, this.compared)),
      like((definition) => this.reads.combinationsAt(where, definition, this.comparedByName)),
    ];
  }

  private steered(j: Steps<never>): Steps<never> {
    return { ...j, ...steerSteps(j, this), event: this.reads.atEvent<RecordedEvent>(ENTRY, j.event) as never };
  }

  guesses(step: string, value: Json): void {
    if (typeof value === 'string') this.guessed.set(step, value);
  }

  sends(step: string, content: MessageContent): 'status' | 'reason' | null {
    this.sendings.set(step, content);
    for (const [channel, name] of Object.entries(content.templates) as [ChannelName, string][])
      for (const [by, value] of this.guessed)
        if (value.length > 1 && name.includes(value)) this.guessedTemplates.set(step, { channel, by });
    return this.reads.sends.get(step) ?? null;
  }

  suppressReasons(
    channels: readonly ChannelName[],
    {
      transactional = this.journey.transactional,
      topic = this.journey.topic,
    }: Pick<SendOptions, 'transactional' | 'topic'>,
  ): readonly string[] {
    const about = topic === undefined ? undefined : topicOfMessage(this.topics, topic);
    return suppressReasons(this.policy, channels, { transactional, journey: this.journey.id, topic: about });
  }

  replaces(step: string, outcome: Json): void {
    const chosen = this.chosen.get(step);
    if (chosen) this.chosen.set(step, { ...chosen, outcome });
  }

  shows(step: string, answer: Json): void {
    this.answersShown.set(step, answer);
  }

  trackOutcome(step: string, outcome: SendOutcome): SendOutcome {
    return this.reads.atSend(step, outcome);
  }

  waits(step: string, awaited: readonly EventDefinition<unknown>[], bounded: boolean): void {
    this.awaited.set(step, { awaited, bounded });
  }

  answers(step: string, answers: readonly Branch[]): void {
    this.answered.set(step, answers);
  }

  trackEvent<Event extends Pick<RecordedEvent, 'properties'>>(step: string, event: Event): Event {
    return this.reads.atEvent(step, event);
  }

  /** Runs the author's function for a decision: once to find its errors, and once more to compare the answers. */
  decided<Value extends Json>(step: string, decide: (facts: Facts) => Value, facts: Facts): Value {
    const value = decide(facts);
    if (JSON.stringify(value) !== JSON.stringify(decide(facts))) this.inconsistent.add(step);
    return value;
  }

  compares(value: Json): boolean {
    return this.compared.includes(value);
  }

  picksByHistory<Value extends Json>(decide: (facts: Facts) => Value, facts: Facts): readonly Value[] {
    return outcomesByHistory(this.original, decide, facts);
  }

  choose<Option extends string>(step: string, options: readonly Option[]): Option {
    const before = this.chosen.get(step)?.label;
    const option =
      options.find((each) => each === before) ?? options[this.choices.choose(options.length)] ?? options[0];
    if (option === undefined) throw new TypeError(`Expected '${step}' to have at least one option to choose from.`);
    this.chosen.set(step, { label: option });
    return option;
  }
}
