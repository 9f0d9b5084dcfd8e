import { replayLife } from '../../../engine/compare/life';
import type { Definitions } from '../../../engine/definitions/definitions';
import type { Message, Run } from '../../../engine/model/state';
import { findLife } from '../../../store/lives';
import type { Installation } from './installation';
import type { Person } from './person';

/** What a message's step may differ in from its replay, milliseconds of journey time. */
const TOLERANCE_MS = 60_000;

type Sent = Pick<Message, 'id' | 'runId' | 'journey' | 'step' | 'channel' | 'decidedAt'>;

/** A person's messages, beside what the test kit's engine says. */
export interface Replayed {
  /** What they got, in order. */
  readonly names: readonly string[];
  /** How much later than in the replay each message was decided, real milliseconds. */
  readonly lateMs: readonly number[];
}

/**
 * Replays a person's stored events without any delay, and compares. Expects:
 *
 * - The messages are the same. One with a short life may have expired on a machine that is very late.
 * - None was decided early.
 * - The first message of each run was due within a minute of journey time of what the replay says, however late it was decided. What
 *   follows a message counts from there, so the others may also be late by as much as those before them.
 *
 * @param end compares what was due by then, epoch milliseconds. All of it must have been decided.
 */
export async function compareWithReplay(
  { database, clock }: Installation,
  definitions: Definitions,
  { id: userId }: Person,
  end: number,
): Promise<Replayed> {
  const life = await findLife(database, userId);
  if (!life) throw new Error(`Unknown user: '${userId}'.`);
  const messages = await database
    .knex('messages')
    .where({ user_id: userId, status: 'sent' })
    .orWhere({ user_id: userId, cause: 'expired' })
    .select<Sent[]>('id', 'run_id AS runId', 'journey', 'step', 'channel', 'decided_at AS decidedAt');
  const stored = byId(await database.knex('runs').where({ user_id: userId }).pluck<Run[]>('body'));
  const host = await replayLife(life, definitions, end);
  // The stack lives on while it is compared.
  const sent = messages.filter(({ id, decidedAt }) => decidedAt <= end || host.messages.has(id));
  const replayed = byId(host.runs);
  const expected = [...host.messages.values()].filter(({ status }) => status === 'queued');
  expect(sent.map(nameOf).sort()).toEqual(expected.map(nameOf).sort());
  const lateMs = sent.map(({ id, runId, step, decidedAt }) => {
    const [real, ideal] = [dueOf(stored.get(runId), step), dueOf(replayed.get(runId), step)];
    const due = { step, late: real.dueAt - ideal.dueAt, atMost: TOLERANCE_MS + real.delayed - ideal.delayed };
    expect({ ...due, inTime: due.late >= 0 && due.late <= due.atMost }).toEqual({ ...due, inTime: true });
    const late = decidedAt - (host.messages.get(id)?.decidedAt ?? Infinity);
    expect(late).toBeGreaterThanOrEqual(0);
    return late / clock.speed;
  });
  return { names: expected.sort((a, b) => a.decidedAt - b.decidedAt).map(nameOf), lateMs };
}

function byId(runs: readonly Run[]): ReadonlyMap<string, Run> {
  return new Map(runs.map((run) => [run.id, run]));
}

/** When a run reached a message's step, and for how long the messages before it had been delayed in all. */
function dueOf(run: Run | undefined, step: string): { readonly dueAt: number; readonly delayed: number } {
  const journal = run?.journal ?? [];
  const place = journal.findIndex((record) => record.step === step);
  const delays = journal
    .slice(0, place)
    .map(({ kind, status, enteredAt, at = enteredAt }) => (kind === 'send' && status === 'done' ? at - enteredAt : 0));
  return { dueAt: journal[place]?.enteredAt ?? NaN, delayed: delays.reduce((sum, delay) => sum + delay, 0) };
}

function nameOf({ journey, step, channel }: Pick<Message, 'journey' | 'step' | 'channel'>): string {
  return `${journey}: ${step} by ${channel}`;
}
