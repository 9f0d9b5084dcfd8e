import type { EventDefinition } from '../authoring/event';
import { exampleOf } from '../authoring/event';
import type { Facts, Journey, SendOutcome, Steps } from '../authoring/journey';
import type { Json, JsonObject } from '../model/json';
import type { RecordedEvent } from '../model/state';
import { ChoiceTree } from '../outline/choices';
import { steerSteps, type Chosen, type MessageContent, type Pilot } from '../replay/steps';
import { keyOf } from '../user/history';
import { exampleTriggers, triggerType } from '../user/triggers';
import type { ReadTracker } from './looked';
import { CUT_OFF } from './path';

/** Longer paths are cut off, whatever their steps are called. */
const MAX_STEPS = 500;
/** Where the event is from that let the person enter; no step has an empty name. */
const ENTRY = '';

/** A way out of a wait: its label, and the event that takes it; null for the timeout. */
export type WayOut = readonly [label: string, event: RecordedEvent | null];

/**
 * A journey whose decisions are taken from outside, so that every outcome can be had. Only what depends on the person is
 * replaced: the answer of a check, the weights of an experiment, the channels of a send. What follows, the engine decides.
 */
export class Steering implements Pilot {
  readonly journey: Journey;
  readonly sendings = new Map<string, MessageContent>();
  /** Checks and picks that answered differently to the same question. */
  readonly fickle = new Set<string>();
  private readonly awaited = new Map<
    string,
    { readonly awaited: readonly EventDefinition<unknown>[]; readonly bounded: boolean }
  >();
  /** The loop each step is of, by its name. */
  private readonly loops = new Map<string, string>();
  private choices = new ChoiceTree();
  private chosen = new Map<string, Chosen>();

  /** The most rounds of a loop on any path. */
  rounds = 0;

  /**
   * @param maxRounds steps of one path whose names differ in a number only, as those of a loop do
   * @param looked what the code looks at, as far as it is known; what is found out is added
   */
  constructor(
    original: Journey,
    private readonly maxRounds: number,
    readonly looked: ReadTracker,
  ) {
    const key = original.key ? (keyOf(original, exampleTriggers(original)[0][1]) ?? 'example') : null;
    this.journey = {
      ...original,
      // One run, which every event concerns.
      reenter: 'never',
      key: key === null ? null : () => key,
      run: (j) => original.run(this.bounded(this.steered(j))),
    };
  }

  /** Takes the decisions from now on from these choices, and remembers by step what was chosen. */
  follow(choices: ChoiceTree, chosen: Map<string, Chosen>): void {
    this.choices = choices;
    this.chosen = chosen;
  }

  /** What a send puts on which channel, as asked for last; null for other steps. */
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

  /** The ways out of a wait: the events it awaits, each by its examples, and the timeout. */
  waysOut(step: string): readonly WayOut[] {
    const wait = this.awaited.get(step);
    if (!wait) return [];
    const { awaited, bounded } = wait;
    return [
      ...awaited.map((definition): WayOut => [definition.name, exampleOf(definition)]),
      ...(bounded ? [['timeout', null] as const] : []),
      ...awaited.flatMap((definition) => this.eventsLike(step, definition)),
    ];
  }

  /** What lets a person enter: each count of a milestone, each example of an event. */
  entries(): readonly (readonly [label: string, properties: JsonObject])[] {
    const { enter } = this.journey;
    const varied = triggerType(enter).varies?.(enter);
    const variants = varied ? this.eventsLike(ENTRY, varied) : [];
    return [...exampleTriggers(this.journey), ...variants].map(([label, { properties }]) => [label, properties]);
  }

  private eventsLike(
    where: string,
    definition: EventDefinition<unknown>,
  ): (readonly [label: string, event: RecordedEvent])[] {
    const { name } = definition;
    return this.looked
      .variantsAt(where, definition)
      .map(({ label, properties }) => [`${name}, ${label}`, { id: 'example', name, at: 0, properties }]);
  }

  /** Steps that end the run where a path would go round a loop too often, or be too long. */
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
    return { ...j, ...steerSteps(j, this), event: this.looked.atEvent<RecordedEvent>(ENTRY, j.event) as never };
  }

  sends(step: string, content: MessageContent): boolean {
    this.sendings.set(step, content);
    return this.looked.sends.has(step);
  }

  trackOutcome(step: string, outcome: SendOutcome): SendOutcome {
    return this.looked.atSend(step, outcome);
  }

  waits(step: string, awaited: readonly EventDefinition<unknown>[], bounded: boolean): void {
    this.awaited.set(step, { awaited, bounded });
  }

  trackEvent<Event extends Pick<RecordedEvent, 'properties'>>(step: string, event: Event): Event {
    return this.looked.atEvent(step, event);
  }

  /** The author's own decision: run for the errors it makes, and twice, since it has to be the same both times. */
  decided<Value extends Json>(step: string, decide: (facts: Facts) => Value, facts: Facts): Value {
    const value = decide(facts);
    if (JSON.stringify(value) !== JSON.stringify(decide(facts))) this.fickle.add(step);
    return value;
  }

  choose<Option extends string>(step: string, options: readonly Option[]): Option {
    const before = this.chosen.get(step)?.label;
    const option =
      options.find((each) => each === before) ?? options[this.choices.choose(options.length)] ?? options[0];
    if (option === undefined) throw new TypeError(`'${step}' has nothing to choose from.`);
    this.chosen.set(step, { label: option });
    return option;
  }
}
