import { ChoiceTree } from '../outline/choices';
import { toMs } from '../model/duration';
import type { AnyOf, EventDefinition } from '../authoring/event';
import { definitionsOf, exampleTrigger, exampleTriggers, waysOut, type WayOut } from '../outline/examples';
import type { Facts, Journey, Steps, WaitOptions } from '../authoring/journey';
import type { Json, JsonObject } from '../model/json';
import { keyOf } from '../user/history';
import type { ChannelName, RecordedEvent } from '../model/state';
import type { ReadTracker } from './looked';
import { CUT_OFF } from './path';

/** Longer paths are cut off, whatever their steps are called. */
const MAX_STEPS = 500;
/** A wait of no time at all asks what has happened before. Here it lasts a moment, in which that happens. */
const MOMENT = '1 millisecond';

/** Where the event is from that let the person enter; no step has an empty name. */
const ENTRY = '';

type Awaited = EventDefinition<unknown> | AnyOf;

/** What a step sends, as the code asked for it last. */
export interface Sending {
  readonly templates: Partial<Record<ChannelName, string>>;
  readonly data: JsonObject;
}

/**
 * A journey whose decisions are taken from outside, so that every outcome can be had. Only what depends on the person is
 * replaced: the answer of a check, the weights of an experiment, the channels of a send. What follows, the engine decides.
 */
export class Steering {
  readonly journey: Journey;
  readonly sendings = new Map<string, Sending>();
  /** Checks and picks that answered differently to the same question. */
  readonly fickle = new Set<string>();
  private readonly waits = new Map<string, { readonly awaited: Awaited; readonly bounded: boolean }>();
  /** The loop each step is of, by its name. */
  private readonly loops = new Map<string, string>();
  private choices = new ChoiceTree();
  private chosen = new Map<string, string>();

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
    const key = original.key ? (keyOf(original, exampleTrigger(original)) ?? 'example') : null;
    this.journey = {
      ...original,
      // One run, which every event concerns.
      reenter: 'never',
      key: key === null ? null : () => key,
      run: (j) => original.run(this.bounded(this.steered(j))),
    };
  }

  /** Takes the decisions from now on from these choices, and remembers by step what was chosen. */
  follow(choices: ChoiceTree, chosen: Map<string, string>): void {
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

  /** The ways out of a wait: the events it awaits, each by its examples, and the timeout. */
  waysOut(step: string): readonly WayOut[] {
    const wait = this.waits.get(step);
    if (!wait) return [];
    const variants = definitionsOf(wait.awaited).flatMap((definition) => this.eventsLike(step, definition));
    return [...waysOut(wait.awaited, wait.bounded), ...variants];
  }

  /** What lets a person enter: each count of a milestone, each example of an event. */
  entries(): readonly (readonly [label: string, properties: JsonObject])[] {
    const { enter } = this.journey;
    const variants = enter.kind === 'event' ? this.eventsLike(ENTRY, enter) : [];
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
    return {
      ...j,
      event: this.looked.atEvent<RecordedEvent>(ENTRY, j.event) as never,
      send: async (step, templates, options = {}) => {
        this.sendings.set(step, { templates, data: options.data ?? {} });
        const suppressed = this.looked.sends.has(step) && this.choose(step, ['sent', 'suppressed']) === 'suppressed';
        return this.looked.atSend(step, await j.send(step, suppressed ? {} : templates, options));
      },
      waitFor: async (step: string, awaited: Awaited, options: WaitOptions = {}) => {
        const { within } = options;
        this.waits.set(step, { awaited, bounded: within !== undefined });
        const atOnce = within !== undefined && toMs(within) === 0;
        const event = await j.waitFor(step, awaited, atOnce ? { ...options, within: MOMENT } : options);
        return event && this.looked.atEvent(step, event as RecordedEvent);
      },
      check: (step, decide) =>
        j.check(step, (facts) => {
          this.decided(step, decide, facts);
          return this.choose(step, ['yes', 'no']) === 'yes';
        }),
      pick: (step, decide) => j.pick(step, (facts) => this.decided(step, decide, facts)),
      experiment: <Variant extends string>(step: string, weights: Readonly<Record<Variant, number>>) => {
        const variants = (Object.keys(weights) as Variant[]).filter((variant) => weights[variant] > 0);
        const chosen = variants.length > 1 ? this.choose(step, variants) : variants[0];
        return j.experiment(step, chosen === undefined ? weights : ({ [chosen]: 1 } as Record<Variant, number>));
      },
    };
  }

  /** The author's own decision: run for the errors it makes, and twice, since it has to be the same both times. */
  private decided<Value extends Json>(step: string, decide: (facts: Facts) => Value, facts: Facts): Value {
    const value = decide(facts);
    if (JSON.stringify(value) !== JSON.stringify(decide(facts))) this.fickle.add(step);
    return value;
  }

  private choose<Option extends string>(step: string, options: readonly Option[]): Option {
    const before = this.chosen.get(step);
    const option =
      options.find((each) => each === before) ?? options[this.choices.choose(options.length)] ?? options[0];
    if (option === undefined) throw new TypeError(`'${step}' has nothing to choose from.`);
    this.chosen.set(step, option);
    return option;
  }
}
