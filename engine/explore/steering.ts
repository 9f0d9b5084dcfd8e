import { eventText, isOneOf, type EventDefinition } from '../authoring/event';
import { exampleOf, hasExample } from '../authoring/example';
import type { Facts, Journey, SendOutcome, Steps } from '../authoring/journey';
import type { Json, JsonObject } from '../model/json';
import type { RecordedEvent } from '../model/state';
import { ChoiceTree } from '../outline/choices';
import { steerSteps, type Chosen, type MessageContent, type Pilot } from '../replay/steps';
import { keyOf } from '../user/history';
import { exampleTriggers, triggerType } from '../user/triggers';
import type { ReadTracker } from './read-tracker';
import { CUT_OFF } from './path';

/** Longer paths are cut off, whatever the names of their steps. */
const MAX_STEPS = 500;
/** Stands for the entry where a step's name is expected; no step has an empty name. */
const ENTRY = '';

/** A way out of a wait: its label and its event, which is null for the timeout. */
export type WayOut = readonly [label: string, event: RecordedEvent | null];

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
  readonly sendings = new Map<string, MessageContent>();
  /** Checks and picks that gave different answers for the same facts. */
  readonly inconsistent = new Set<string>();
  /** Filtered events of which no example passes, as text, and the step that waits for them; null outside of steps. */
  readonly withoutExample = new Map<string, string | null>();
  private readonly awaited = new Map<
    string,
    { readonly awaited: readonly EventDefinition<unknown>[]; readonly bounded: boolean }
  >();
  /** The loop of each step, by the step's name. */
  private readonly loops = new Map<string, string>();
  private choices = new ChoiceTree();
  private chosen = new Map<string, Chosen>();

  /** The most rounds that any loop made on any path so far. */
  rounds = 0;

  /**
   * @param maxRounds the most steps of one path with names that differ only in a number, as in a loop
   * @param reads what the code is known to read; new reads are added
   */
  constructor(
    original: Journey,
    private readonly maxRounds: number,
    readonly reads: ReadTracker,
  ) {
    const key = original.key ? (keyOf(original, exampleTriggers(original)[0][1]) ?? 'example') : null;
    this.journey = {
      ...original,
      // There is a single run, and every event concerns it.
      reenter: 'never',
      key: key === null ? null : () => key,
      run: (j) => original.run(this.bounded(this.steered(j))),
    };
  }

  /** From now on, takes decisions from `choices` and records them in `chosen`, by step. */
  follow(choices: ChoiceTree, chosen: Map<string, Chosen>): void {
    this.choices = choices;
    this.chosen = chosen;
  }

  /**
   * The channels and templates of a send, as it last asked for them.
   * @returns null when the step is not a send
   */
  textOf(step: string): string | null {
    const sending = this.sendings.get(step);
    if (!sending) return null;
    return Object.entries(sending.templates)
      .map(([channel, template]) => `${channel} ${template}`)
      .join(', ');
  }

  /** Is this step a wait for events? */
  isWait(step: string): boolean {
    return this.awaited.has(step);
  }

  /** The ways out of a wait: one for each example of the events it awaits, and the timeout. Empty for other steps. */
  waysOut(step: string): readonly WayOut[] {
    const wait = this.awaited.get(step);
    if (!wait) return [];
    const { awaited, bounded } = wait;
    return [
      ...awaited
        .filter((definition) => this.isShown(definition, step))
        .map((definition): WayOut => [definition.name, exampleOf(definition)]),
      ...(bounded ? [['timeout', null] as const] : []),
      ...awaited.flatMap((definition) => this.eventsLike(step, definition)),
    ];
  }

  /** The ways to enter: one for each count of a milestone, or for each example of an event. */
  entries(): readonly (readonly [label: string, event: RecordedEvent])[] {
    const { enter } = this.journey;
    const varied = triggerType(enter).varies?.(enter) ?? [];
    const shown = varied.filter((definition) => this.isShown(definition, null));
    const examples = exampleTriggers(this.journey).filter(([, event]) => varied.length === 0 || isOneOf(event, shown));
    return [...examples, ...shown.flatMap((definition) => this.eventsLike(ENTRY, definition))];
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

  private eventsLike(
    where: string,
    definition: EventDefinition<unknown>,
  ): (readonly [label: string, event: RecordedEvent])[] {
    const { name } = definition;
    const { properties: example } = exampleOf(definition);
    return this.reads
      .variantsAt(where, { ...definition, example })
      .filter(({ properties }) => isOneOf({ id: 'example', name, at: 0, properties }, [definition]))
      .map(({ label, properties }) => [`${name}, ${label}`, { id: 'example', name, at: 0, properties }]);
  }

  /** Wraps the steps, so that the run ends where a path is too long or repeats a loop too often. */
  private bounded(j: Steps<never>): Steps<never> {
    const rounds = new Map<string, number>();
    let steps = 0;
    const bound = (step: string): string | null => {
      const loop = this.loopOf(step);
      const round = (rounds.get(loop) ?? 0) + 1;
      rounds.set(loop, round);
      this.rounds = Math.max(this.rounds, round);
      if (++steps > MAX_STEPS) return `${MAX_STEPS} steps`;
      return round > this.maxRounds ? loop : null;
    };
    return new Proxy(j, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== 'function') return method;
        return (step: string, ...rest: readonly unknown[]): unknown => {
          const met = bound(step);
          return met === null ? Reflect.apply(method, target, [step, ...rest]) : j.exit(CUT_OFF, met);
        };
      },
    });
  }

  private loopOf(step: string): string {
    const known = this.loops.get(step);
    if (known !== undefined) return known;
    const loop = step.replace(/\d+/g, '#');
    this.loops.set(step, loop);
    return loop;
  }

  private steered(j: Steps<never>): Steps<never> {
    return { ...j, ...steerSteps(j, this), event: this.reads.atEvent<RecordedEvent>(ENTRY, j.event) as never };
  }

  sends(step: string, content: MessageContent): boolean {
    this.sendings.set(step, content);
    return this.reads.sends.has(step);
  }

  trackOutcome(step: string, outcome: SendOutcome): SendOutcome {
    return this.reads.atSend(step, outcome);
  }

  waits(step: string, awaited: readonly EventDefinition<unknown>[], bounded: boolean): void {
    this.awaited.set(step, { awaited, bounded });
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

  choose<Option extends string>(step: string, options: readonly Option[]): Option {
    const before = this.chosen.get(step)?.label;
    const option =
      options.find((each) => each === before) ?? options[this.choices.choose(options.length)] ?? options[0];
    if (option === undefined) throw new TypeError(`Expected '${step}' to have at least one option to choose from.`);
    this.chosen.set(step, { label: option });
    return option;
  }
}
