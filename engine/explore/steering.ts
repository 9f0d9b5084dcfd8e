import { ChoiceTree } from '../choices';
import { toMs } from '../duration';
import type { AnyOf, EventDefinition } from '../event';
import { exampleTrigger, waysOut, type WayOut } from '../examples';
import type { Facts, Journey, SendOutcome, Steps, WaitOptions } from '../journey';
import type { Json, JsonObject } from '../json';
import { keyOf } from '../match';
import type { ChannelName } from '../state';
import { CUT_OFF } from './path';

/** Longer paths are cut off, whatever their steps are called. */
const MAX_STEPS = 500;
/** A wait of no time at all asks what has happened before. Here it lasts a moment, in which that happens. */
const MOMENT = '1 millisecond';

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
  private choices = new ChoiceTree();
  private chosen = new Map<string, string>();

  /** The most rounds of a loop on any path. */
  rounds = 0;

  /**
   * @param maxRounds steps of one path whose names differ in a number only, as those of a loop do
   * @param looked sends whose outcome the code looks at, so that it makes a difference; those found out about are added
   */
  constructor(
    original: Journey,
    private readonly maxRounds: number,
    readonly looked: Set<string>,
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

  /** The ways out of a wait: the events it awaits, each by its example, and the timeout. */
  waysOut(step: string): readonly WayOut[] {
    const wait = this.waits.get(step);
    return wait ? waysOut(wait.awaited, wait.bounded) : [];
  }

  /** Steps that end the run where a path would go round a loop too often, or be too long. */
  private bounded(j: Steps<never>): Steps<never> {
    const rounds = new Map<string, number>();
    let steps = 0;
    const bound = (step: string): string | null => {
      const loop = step.replace(/\d+/g, '#');
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

  private steered(j: Steps<never>): Steps<never> {
    return {
      ...j,
      send: async (step, templates, options = {}) => {
        this.sendings.set(step, { templates, data: options.data ?? {} });
        const suppressed = this.looked.has(step) && this.choose(step, ['sent', 'suppressed']) === 'suppressed';
        return this.watched(step, await j.send(step, suppressed ? {} : templates, options));
      },
      waitFor: (step: string, awaited: Awaited, options: WaitOptions = {}) => {
        this.waits.set(step, { awaited, bounded: options.within !== undefined });
        return j.waitFor(
          step,
          awaited,
          options.within !== undefined && toMs(options.within) === 0 ? { ...options, within: MOMENT } : options,
        );
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

  private watched(step: string, outcome: SendOutcome): SendOutcome {
    const { looked } = this;
    return {
      ...outcome,
      get status() {
        looked.add(step);
        return outcome.status;
      },
    };
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
