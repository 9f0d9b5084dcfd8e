import type { Json, JsonObject } from '../../engine/model/json';
import type { Message, Run, StageChange } from '../../engine/model/state';

/** The part of a step that every release must decide alike: step, kind, status, outcome, enteredAt, at. */
export type ReducedRecord = readonly [string, string, string, Json, number, number | null];

export interface ReducedRun extends Pick<
  Run,
  'id' | 'journey' | 'key' | 'status' | 'enteredAt' | 'endedAt' | 'goalAt'
> {
  readonly journal: readonly ReducedRecord[];
}

/** The part of a message that every release must decide alike. */
export type ReducedMessage = Pick<Message, 'id' | 'step' | 'channel' | 'template' | 'decidedAt'> & {
  readonly status: string;
};

/** The outcome of a user, without reasons, facts and versions, which a later release may change. */
export interface Outcome {
  readonly messages: readonly ReducedMessage[];
  readonly runs: readonly ReducedRun[];
  readonly stageChanges: readonly (readonly [number, string, string])[];
  readonly points: number;
  readonly badges: readonly string[];
  readonly flags: JsonObject;
  readonly traits: JsonObject;
}

/** The full outcome of a user, before it is reduced. */
export interface Become {
  readonly messages: Iterable<ReducedMessage>;
  readonly runs: readonly Run[];
  readonly stageChanges: readonly Pick<StageChange, 'at' | 'from' | 'to'>[];
  readonly memory: { readonly points: number; readonly badges: readonly string[]; readonly flags: JsonObject } | null;
  readonly traits: JsonObject;
}

/** Reduces the outcome of a user to what every release must decide alike. Messages and runs are sorted by id. */
export function outcomeOf({ messages, runs, stageChanges, memory, traits }: Become): Outcome {
  const { points = 0, badges = [], flags = {} } = memory ?? {};
  const outcome: Outcome = {
    messages: sorted([...messages]).map(({ id, step, channel, template, status, decidedAt }) => ({
      id,
      step,
      channel,
      template,
      status,
      decidedAt,
    })),
    runs: sorted(runs).map(reducedRun),
    stageChanges: stageChanges.map(({ at, from, to }) => [at, from, to] as const),
    points,
    badges,
    flags,
    traits,
  };
  return JSON.parse(JSON.stringify(outcome)) as Outcome;
}

function reducedRun({ id, journey, key, status, enteredAt, endedAt, goalAt, journal }: Run): ReducedRun {
  const records = journal.map((record): ReducedRecord => [
    record.step,
    record.kind,
    record.status,
    record.outcome ?? null,
    record.enteredAt,
    record.at ?? null,
  ]);
  return { id, journey, key, status, enteredAt, endedAt, goalAt, journal: records };
}

function sorted<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
}
