import type { Journey } from '../authoring/journey';
import type { Json, JsonObject } from '../model/json';
import type { Run } from '../model/state';
import { numberless } from '../outline/numberless';
import { replay, type OnStep } from '../replay/replay';
import { answerOf, exploredAnswerOf, type DependsOn, type StepCall } from '../replay/steps';

/** A run, as far as its code sees it. */
type Prefix = Pick<Run, 'trigger' | 'key' | 'journal'>;

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

const WEEK_MS = 7 * 86_400_000;
/** The most steps of one continuation. It is longer than any path, so that the number of rounds to come makes a difference. */
const MAX_STEPS = 600;

/**
 * Describes what a journey's code does from a place on. The code's own variables can't be read, but what they lead to can: the
 * code is replayed with several series of answers, and the steps that it then calls are listed. Two places with the same
 * description are taken for the same.
 */
export class Continuations {
  /** @param traits example traits of a user, for steps that pick a value */
  constructor(
    private readonly journey: Journey,
    private readonly traits: JsonObject,
  ) {}

  /**
   * @param run the run up to the place
   * @param answer the answer to the step in which the run waits. Default: each series has its own
   * @param now when the place was reached, epoch milliseconds. Default: it makes no difference
   */
  async from(run: Prefix, answer?: { readonly outcome: Json }, now?: number): Promise<string> {
    const described: string[] = [];
    for (const probe of PROBES) described.push(await this.continued(run, answer, now, probe));
    return described.join('\n\n');
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
    let turn = 0;
    const choose = <Option>(options: readonly Option[]): Option | undefined =>
      options[options.length > 1 ? probe(options.length, turn++) : 0];
    const onStep: OnStep = (step, call) => {
      const record = journal.get(step);
      if (record && record.kind === call.kind && record.status !== 'waiting')
        return { value: exploredAnswerOf(call, record.outcome) };
      called.push(describe(step, call, now));
      if (call.ends || called.length > MAX_STEPS) return 'suspend';
      if (step === waiting && answer) return { value: exploredAnswerOf(call, answer.outcome) };
      if (call.outlined) return { value: call.outlined((labels) => choose(labels) ?? '') };
      return { value: answerOf(call, choose(call.branches?.(this.traits) ?? [])?.[1] ?? null) };
    };
    const end = await replay(this.journey, run, onStep);
    return [...called, end.kind === 'threw' ? numberless(end.error.message) : end.kind].join('\n');
  }
}

/** Those of the other ways on which the code does something that it does on none before. */
export async function differing<Way>(
  ways: readonly Way[],
  others: readonly Way[],
  describeWay: (way: Way) => Promise<string>,
): Promise<readonly Way[]> {
  if (others.length === 0) return [];
  const known = new Set<string>();
  for (const way of ways) known.add(await describeWay(way));
  const found: Way[] = [];
  for (const way of others) {
    const description = await describeWay(way);
    if (!known.has(description)) found.push(way);
    known.add(description);
  }
  return found;
}

function describe(
  step: string,
  { kind, text, message, awaited = [], dependsOn = 'time of day' }: StepCall,
  now: number | undefined,
): string {
  // Templates with numbers in their names are different files.
  const { templates = {}, data = {} } = message ?? {};
  const events = awaited.map(({ name }) => name);
  const words = message ? '' : numberless(text);
  return JSON.stringify([numberless(step), kind, words, templates, shapeOf(data), events, ...dateOf(dependsOn, now)]);
}

/** As much of the date as makes a difference. Days of the week come again after a week. */
function dateOf(dependsOn: DependsOn, now: number | undefined): readonly number[] {
  if (now === undefined || dependsOn === 'time of day') return [];
  return [dependsOn === 'weekday' ? now % WEEK_MS : now];
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
