import type { Journey } from '../authoring/journey';
import type { Json } from '../model/json';
import type { Run } from '../model/state';
import { mayBeHeld } from '../policy/channels';
import { listedChannels } from '../user/draft';
import type { Definitions } from '../definitions/definitions';
import { numberless } from '../outline/numberless';
import { replay, type OnStep } from '../replay/replay';
import { answerOf, exploredAnswerOf, type DependsOn, type StepCall } from '../replay/steps';

/** A run, as far as its code sees it. */
type Prefix = Pick<Run, 'trigger' | 'key' | 'journal'>;

/** A place of a run, and what the code does from there on, as far as it was asked for. */
export interface Described {
  readonly run: Prefix;
  /** When it was reached, epoch milliseconds. */
  readonly now: number;
  /** By each series of answers. */
  readonly continuations: string[];
}

/** Chooses one of several answers. `turn` counts the choices of one continuation from 0. */
type Probe = (options: number, turn: number) => number;

/** Always the first answer, always the last, both in turn; and mixtures, the same ones each time. */
const PROBES: readonly Probe[] = [
  () => 0,
  (options) => options - 1,
  (options, turn) => turn % options,
  (options, turn) => (turn + 1) % options,
  ...[1, 2, 3, 4].map(
    (seed): Probe =>
      (options, turn) =>
        mixed(seed, turn) % options,
  ),
];

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** The most steps of one continuation, which is longer than any path. */
const MAX_STEPS = 600;
/** The most rounds of one, which are more than a path has before it is cut off. A loop without end goes no further. */
const MAX_ROUNDS = 60;

/**
 * Describes what a journey's code does from a place on. The code's own variables can't be read, but what they lead to can: the
 * code is replayed with several series of answers, and the steps that it then calls are listed. Two places with the same
 * description are taken for the same.
 */
export class Continuations {
  private readonly maxRounds: number;

  /** @param definitions the policy, and example traits of a user, for steps that pick a value */
  constructor(
    private readonly journey: Journey,
    private readonly definitions: Pick<Definitions, 'policy' | 'traits'>,
  ) {
    // A definition has no loops, although its steps may have numbers in their names.
    this.maxRounds = journey.declares ? Infinity : MAX_ROUNDS;
  }

  /**
   * @param run the run up to the place
   * @param answer the answer to the step in which the run waits
   */
  async from(run: Prefix, answer?: { readonly outcome: Json }): Promise<string> {
    const described: string[] = [];
    for (const probe of PROBES) described.push(await this.continued(run, answer, undefined, probe));
    return described.join('\n\n');
  }

  /** Does the code do the same from both places on? They are described only as far as they are the same. */
  async areSame(one: Described, other: Described): Promise<boolean> {
    for (const [index, probe] of PROBES.entries())
      if ((await this.described(one, index, probe)) !== (await this.described(other, index, probe))) return false;
    return true;
  }

  private async described({ run, now, continuations }: Described, index: number, probe: Probe): Promise<string> {
    return (continuations[index] ??= await this.continued(run, undefined, now, probe));
  }

  private async continued(
    run: Prefix,
    answer: { readonly outcome: Json } | undefined,
    now: number | undefined,
    probe: Probe,
  ): Promise<string> {
    const journal = new Map(run.journal.map((record) => [record.step, record]));
    const waiting = run.journal.findLast(({ status }) => status === 'waiting')?.step;
    const called: string[] = [];
    const rounds = new Map<string, number>();
    const isTooFar = (step: string): boolean => {
      const round = (rounds.get(step) ?? 0) + 1;
      rounds.set(step, round);
      return called.length > MAX_STEPS || round > this.maxRounds;
    };
    let turn = 0;
    const choose = <Option>(options: readonly Option[]): Option | undefined =>
      options[options.length > 1 ? probe(options.length, turn++) : 0];
    const onStep: OnStep = (step, call) => {
      const record = journal.get(step);
      if (record && record.kind === call.kind && record.status !== 'waiting')
        return { value: exploredAnswerOf(call, record.outcome) };
      called.push(describe(step, call, now === undefined ? [] : momentOf(this.dependsOn(call), now)));
      if (call.ends || isTooFar(numberless(step))) return 'suspend';
      if (step === waiting && answer) return { value: exploredAnswerOf(call, answer.outcome) };
      if (call.outlined) return { value: call.outlined((labels) => choose(labels) ?? '') };
      return { value: answerOf(call, choose(call.branches?.(this.definitions.traits) ?? [])?.[1] ?? null) };
    };
    const end = await replay(this.journey, run, onStep);
    return [...called, end.kind === 'threw' ? numberless(end.error.message) : end.kind].join('\n');
  }

  /** Quiet hours may hold a message. */
  private dependsOn({ message, dependsOn = 'nothing' }: StepCall): DependsOn {
    if (!message) return dependsOn;
    const { policy } = this.definitions;
    const isHeld = listedChannels(message.templates).some((channel) => mayBeHeld(policy, channel));
    return isHeld && !(message.transactional ?? this.journey.transactional) ? 'time of day' : dependsOn;
  }
}

/**
 * Those of the other ways on which the code does something that it does on none before.
 * @param combined ways that count only if the code calls a step there that it calls on no other way, or ends otherwise
 */
export async function differing<Way>(
  ways: readonly Way[],
  others: readonly Way[],
  combined: readonly Way[],
  describeWay: (way: Way) => Promise<string>,
): Promise<readonly Way[]> {
  if (others.length + combined.length === 0) return [];
  const known = new Set<string>();
  for (const way of ways) known.add(await describeWay(way));
  const found: Way[] = [];
  for (const way of others) {
    const description = await describeWay(way);
    if (!known.has(description)) found.push(way);
    known.add(description);
  }
  const called = new Set([...known].flatMap(callsIn));
  for (const way of combined) {
    const calls = callsIn(await describeWay(way));
    if (!calls.every((call) => called.has(call))) found.push(way);
    for (const call of calls) called.add(call);
  }
  return found;
}

/** The steps that a description lists, and how it ends. */
function callsIn(description: string): readonly string[] {
  return description.split('\n');
}

function describe(step: string, { kind, text, message, awaited = [] }: StepCall, moment: readonly number[]): string {
  // Templates with numbers in their names are different files.
  const { templates = {}, data = {} } = message ?? {};
  const events = awaited.map(({ name }) => name);
  const words = message ? '' : numberless(text);
  return JSON.stringify([numberless(step), kind, words, templates, shapeOf(data), events, ...moment]);
}

/** As much of the date and time as makes a difference. Times of day come again after a day, and days of the week after a week. */
function momentOf(dependsOn: DependsOn, now: number): readonly number[] {
  if (dependsOn === 'nothing') return [];
  return [dependsOn === 'time of day' ? now % DAY_MS : dependsOn === 'weekday' ? now % WEEK_MS : now];
}

/** What a template can notice of its data: which values are there, of what sort. */
export function shapeOf(value: Json): Json {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
  return value === null ? null : typeof value;
}

/** A number that looks random and depends on its arguments alone. */
function mixed(seed: number, turn: number): number {
  const product = Math.imul(turn + seed * 7919, 2_654_435_761);
  return (product ^ (product >>> 15)) >>> 0;
}
