import { replay, type ReplayResult, type OnStep } from './replay';
import type { Definitions } from '../definitions/definitions';
import { note, type Draft } from '../user/draft';
import { messageId } from '../model/ids';
import type { Journey } from '../authoring/journey';
import type { Run, RunStatus, StepRecord } from '../model/state';
import { MissingHistoryError } from '../user/history';
import { UNCHANGED, reconcile } from './reconcile';
import { formerOf, RENAMED, underNewName, withRenamed } from './renamed';
import { answerOf, CATCHING_UP, type Progress, type StepContext, type StepHandler } from './steps/handler';

/** The reason of a new step that an edit put behind the position. */
export const BEHIND = 'behind the position';
/** The reason of a step the user waited in and that is no more. */
export const REMOVED = 'removed from the journey';

/** Where and when a run is looked at. */
export interface RunContext {
  readonly draft: Draft;
  readonly definitions: Definitions;
  readonly journey: Journey;
  readonly run: Run;
  /** The logical moment. */
  readonly logicalTime: number;
  /** The real present. */
  readonly wallTime: number;
  /** The definitions may differ from those that decided last: new steps may lie behind the user's position. */
  readonly edited: boolean;
}

/** Why a step waits that was reached while its journey is paused. */
export const PAUSED = 'paused';
const HELD: Progress = { waiting: { until: null, reason: PAUSED } };

/** Runs a journey's code over its journal at one moment, and answers the run as it is afterwards. */
export async function advanceRun(look: RunContext): Promise<Run> {
  const { draft, journey, run, logicalTime } = look;
  const journal = new Map(run.journal.map((record) => [record.step, record]));
  const passedOver: StepRecord[] = [];
  const renamed: StepRecord[] = [];
  const consumed = new Set(run.consumed);
  const seen = new Set<string>();
  let changed = look.edited;
  const { met, position } = look.edited ? await reconcile(look) : UNCHANGED;

  const context = <Answer>(
    step: string,
    handler: StepHandler<Answer>,
    entering: boolean,
  ): StepContext & { handler: StepHandler<Answer> } => ({
    ...look,
    consumed,
    step,
    entering,
    handler,
  });

  const onStep: OnStep = (step, handler, detail) => {
    seen.add(step);
    const known = journal.get(step);
    if (known && known.status !== 'waiting' && known.kind === handler.kind)
      return { value: answerOf(handler, known.outcome) };
    const former = known ? undefined : formerOf([...journal.values(), ...renamed], detail, new Set([...seen, ...met]));
    if (former) {
      renamed.push(underNewName(former, step, logicalTime, look.definitions.version));
      changed = true;
      note(draft, { journey: journey.id, step, what: 'skipped', reason: RENAMED }, logicalTime);
      return { value: answerOf(handler, former.outcome) };
    }
    const reason = whySkipped(known, position !== null && !seen.has(position));
    if (reason !== null) {
      const skipped = skip(context(step, handler, true), handler, known?.enteredAt ?? logicalTime, reason);
      if (known) journal.set(step, skipped);
      else passedOver.push(skipped);
      note(draft, { journey: journey.id, step, what: 'skipped', reason: skipped.reason }, logicalTime);
      return { value: answerOf(handler, skipped.outcome) };
    }
    const entered = known ?? enter(step, handler, logicalTime);
    if (!known) leaveRemoved(look, journal, seen);
    if (known && known.kind !== handler.kind) cancelHeld(look, known);
    const held = journey.stored?.paused === true && isHeld(known, handler);
    const progress = held ? HELD : handler.progress(context(step, handler, !known), entered);
    const next = { ...recordOutcome(entered, handler, progress, logicalTime), version: look.definitions.version };
    journal.set(step, next);
    changed ||= !known || next.status !== known.status || next.until !== known.until || isMoved(known, next);
    if (next.reason !== CATCHING_UP && (!known || next.reason !== known.reason || next.status !== known.status)) {
      note(
        draft,
        {
          journey: journey.id,
          step,
          what: next.status === 'waiting' ? 'waiting' : describeOutcome(next),
          reason: next.reason,
        },
        logicalTime,
      );
    }
    return next.status === 'waiting' || handler.kind === 'exit'
      ? 'suspend'
      : { value: answerOf(handler, next.outcome) };
  };

  const outcome = await replay(journey, run, onStep);
  if (outcome.kind === 'suspended' && !changed) return run;
  if (outcome.kind === 'returned') leaveRemoved(look, journal, seen);
  const records = inOrder(withRenamed([...journal.values()], renamed), passedOver, position);
  return conclude(look, outcome, records, [...consumed]);
}

/** What was passed over goes before the position: the last of a journal is where the user is. */
function inOrder(journal: StepRecord[], passedOver: readonly StepRecord[], position: string | null): StepRecord[] {
  const at = journal.findIndex(({ step }) => step === position);
  return passedOver.length === 0 ? journal : journal.toSpliced(at, 0, ...passedOver);
}

/** Why an edit makes the user pass over a step; null when it doesn't. A step decided under its old kind stays decided. */
function whySkipped(known: StepRecord | undefined, behind: boolean): string | null {
  if (!known) return behind ? BEHIND : null;
  return known.status === 'waiting' ? null : `decided before as ${known.kind}`;
}

/** Waits for the same moment, but in another zone. */
function isMoved(before: StepRecord, after: StepRecord): boolean {
  return after.facts['zone'] !== before.facts['zone'];
}

/** In a pause a wait that has begun goes on; every other step is held from the moment it is reached. */
function isHeld(known: StepRecord | undefined, { kind }: StepHandler<unknown>): boolean {
  return known?.kind !== kind || known.reason === PAUSED || kind === 'send';
}

function enter(step: string, handler: StepHandler<unknown>, logicalTime: number): StepRecord {
  return {
    step,
    kind: handler.kind,
    enteredAt: logicalTime,
    status: 'waiting',
    outcome: null,
    at: null,
    reason: '',
    facts: {},
    until: null,
  };
}

function skip(context: StepContext, handler: StepHandler<unknown>, enteredAt: number, reason: string): StepRecord {
  const { step, logicalTime } = context;
  const { outcome, facts = {} } = handler.skip(context);
  const { version } = context.definitions;
  return { ...enter(step, handler, enteredAt), status: 'skipped', outcome, at: logicalTime, reason, facts, version };
}

function recordOutcome(
  record: StepRecord,
  handler: StepHandler<unknown>,
  progress: Progress,
  logicalTime: number,
): StepRecord {
  const { kind } = handler;
  if ('waiting' in progress) {
    const { until, reason, facts = {}, awaits = [] } = progress.waiting;
    return { ...record, kind, until, reason, facts: awaits.length > 0 ? { ...facts, awaits: [...awaits] } : facts };
  }
  return { ...record, kind, status: 'done', at: logicalTime, facts: {}, ...progress.done };
}

/** A step the user waited in that the code no longer reaches: they move on, and the journal says why. */
function leaveRemoved(look: RunContext, journal: Map<string, StepRecord>, seen: ReadonlySet<string>): void {
  for (const record of journal.values()) {
    if (record.status === 'waiting' && !seen.has(record.step)) {
      cancelHeld(look, record);
      journal.set(record.step, {
        ...record,
        status: 'skipped',
        at: look.logicalTime,
        until: null,
        reason: REMOVED,
        version: look.definitions.version,
      });
    }
  }
}

/** A message that was held for a step that is no more is not sent. */
function cancelHeld({ draft, run }: RunContext, { kind, step }: StepRecord): void {
  if (kind === 'send') draft.cancelledMessages.add(messageId(run.id, step));
}

function describeOutcome({ kind, outcome }: StepRecord): string {
  if (kind !== 'send' || outcome === null || typeof outcome !== 'object' || Array.isArray(outcome)) return 'done';
  const { status, channel } = outcome;
  if (typeof status !== 'string') return 'done';
  return status === 'sent' && typeof channel === 'string' ? `sent by ${channel}` : status;
}

function conclude(look: RunContext, outcome: ReplayResult, journal: StepRecord[], consumed: string[]): Run {
  const { run, logicalTime, definitions } = look;
  const open: Run = { ...run, journal, consumed, status: 'active', failure: null };
  if (outcome.kind === 'returned') return end(look, open, 'completed', 'finished');
  if (outcome.kind === 'suspended') {
    const last = journal.find(({ step }) => step === outcome.step);
    return last?.kind === 'exit' && last.status === 'done' ? end(look, open, 'exited', last.reason) : open;
  }
  if (outcome.error instanceof MissingHistoryError) throw outcome.error;
  const failure = { error: outcome.error.message, step: outcome.step, at: logicalTime, version: definitions.version };
  note(
    look.draft,
    { journey: run.journey, step: outcome.step, what: 'failed', reason: 'error in the journey' },
    logicalTime,
  );
  return { ...open, status: 'failed', failure, reason: outcome.error.message };
}

/** Ends a run. */
export function end(
  { draft, logicalTime }: Pick<RunContext, 'draft' | 'logicalTime'>,
  run: Run,
  status: RunStatus,
  reason: string,
): Run {
  note(draft, { journey: run.journey, step: null, what: status, reason }, logicalTime);
  return { ...run, status, reason, endedAt: logicalTime };
}
