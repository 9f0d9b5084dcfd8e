import { messageId } from '../model/ids';
import { isSameWait } from '../model/run';
import type { DoneRecord, Run, SkipCause, SkippedRecord, StepRecord, WaitingRecord } from '../model/state';
import { discountEntry, note } from '../user/draft';
import { end } from '../user/exits';
import { MissingHistoryError } from '../user/history';
import type { RunContext, StepContext } from './context';
import { reconcile, UNCHANGED, type Reconciled } from './reconcile';
import { formerOf, messageBefore, underNewName, withRenamed } from './renamed';
import { replay, type ReplayResult, type StepAnswer } from './replay';
import { describeOutcome, enter, recordOutcome } from './step-record';
import { answerOf, stepType, StepFailure, type StepCall, type Waiting } from './steps';

/** The wait of a step that was reached while its journey is paused. */
const PAUSED: Waiting = { until: null, reason: 'paused', hold: 'paused' };

/**
 * Advances a run: replays the journey's code over its journal, and decides the steps that can be decided now.
 * @returns the run afterwards, or the same object when nothing changed. A run whose code threw is parked
 * @throws {MissingHistoryError} when the history at hand does not reach far enough
 */
export async function advanceRun(context: RunContext): Promise<Run> {
  const reconciled = context.edited ? await reconcile(context) : UNCHANGED;
  const run = new RunReplay(context, reconciled);
  const result = await replay(context.journey, context.run, (step, call) => run.onStep(step, call));
  return run.conclude(result);
}

/** One replay of a run. It decides what becomes of each step that the code calls. */
class RunReplay {
  private readonly journal: Map<string, StepRecord>;
  private readonly skippedBehind: SkippedRecord[] = [];
  private readonly renamed: SkippedRecord[] = [];
  private readonly consumed: Set<string>;
  private readonly called = new Set<string>();
  private changed: boolean;

  constructor(
    private readonly context: RunContext,
    private readonly reconciled: Reconciled,
  ) {
    this.journal = new Map(context.run.journal.map((record) => [record.step, record]));
    this.consumed = new Set(context.run.consumed);
    this.changed = context.edited;
  }

  onStep<Answer>(step: string, call: StepCall<Answer>): StepAnswer<Answer> {
    this.called.add(step);
    return (
      this.recall(step, call) ??
      this.takeOverRenamed(step, call) ??
      this.skipBehind(step, call) ??
      this.enterOrContinue(step, call)
    );
  }

  /** Returns the recorded outcome of a step that was decided as the same kind. */
  private recall<Answer>(step: string, call: StepCall<Answer>): StepAnswer<Answer> | null {
    const known = this.journal.get(step);
    if (!known || known.status === 'waiting' || known.kind !== call.kind) return null;
    return { value: answerOf(call, known.outcome) };
  }

  /** Takes over the record of a message that the run has decided under another name. The message is not sent again. */
  private takeOverRenamed<Answer>(step: string, call: StepCall<Answer>): StepAnswer<Answer> | null {
    // No other step is taken for another one, so nothing has to be compared.
    if (!call.message || this.journal.has(step)) return null;
    const met = new Set([...this.called, ...this.reconciled.met]);
    const former = formerOf([...this.journal.values(), ...this.renamed], call.message, met);
    if (!former) return null;
    const { logicalTime, definitions } = this.context;
    const record = underNewName(former, step, logicalTime, definitions.version);
    this.renamed.push(record);
    this.changed = true;
    this.note(step, 'skipped', record.reason);
    return { value: answerOf(call, former.outcome) };
  }

  /** Skips a new step behind the position, and a step that was decided while it was of another kind. */
  private skipBehind<Answer>(step: string, call: StepCall<Answer>): StepAnswer<Answer> | null {
    const known = this.journal.get(step);
    const cause = this.whySkipped(known);
    if (cause === null) return null;
    const { logicalTime, definitions } = this.context;
    const { outcome, facts = {} } = call.skip(this.contextOf(step, true));
    const formerMessage = known && known.status !== 'waiting' ? messageBefore(known) : undefined;
    const record: SkippedRecord = {
      step,
      kind: call.kind,
      enteredAt: known?.enteredAt ?? logicalTime,
      status: 'skipped',
      outcome,
      at: logicalTime,
      cause,
      reason: cause === 'behind' ? 'behind the position' : `decided before as ${known?.kind ?? ''}`,
      facts,
      ...(formerMessage && { formerMessage }),
      version: definitions.version,
    };
    if (known) this.journal.set(step, record);
    else this.skippedBehind.push(record);
    this.note(step, 'skipped', record.reason);
    return { value: answerOf(call, outcome) };
  }

  /** Why an edit makes the run skip a step; null when it doesn't. */
  private whySkipped(known: StepRecord | undefined): SkipCause | null {
    const { position } = this.reconciled;
    if (known) return known.status === 'waiting' ? null : 'other kind';
    return position !== null && !this.called.has(position) ? 'behind' : null;
  }

  /** Enters the step, or evaluates it again if the run waits in it. */
  private enterOrContinue<Answer>(step: string, call: StepCall<Answer>): StepAnswer<Answer> {
    const { journey, logicalTime, definitions } = this.context;
    const record = this.journal.get(step);
    const known = record?.status === 'waiting' ? record : undefined;
    const entered = known ?? enter(step, call, logicalTime);
    if (!known) this.leaveRemoved();
    if (known && known.kind !== call.kind) this.withdrawMessage(known);
    const isHeld = journey.stored?.paused === true && heldByPause(known, call);
    const progress = isHeld ? { waiting: PAUSED } : call.progress(this.contextOf(step, !known), entered);
    const next = recordOutcome(entered, call, progress, logicalTime, definitions.version);
    this.journal.set(step, next);
    this.changed ||= !known || next.status !== 'waiting' || next.until !== known.until || next.zone !== known.zone;
    this.noteProgress(known, next);
    return next.status === 'waiting' || call.ends ? 'suspend' : { value: answerOf(call, next.outcome) };
  }

  /** Notes what is new about a step. A message that is catching up gets no note, since it is decided later in this advance. */
  private noteProgress(known: WaitingRecord | undefined, next: StepRecord): void {
    if (next.status !== 'waiting') return this.note(next.step, describeOutcome(next), next.reason);
    if (next.hold !== 'catching up' && !(known && isSameWait(known, next)))
      this.note(next.step, 'waiting', next.reason);
  }

  /** Skips the step the run waited in if the code no longer reaches it. The run moves on, and the journal says why. */
  private leaveRemoved(): void {
    for (const record of this.journal.values()) {
      if (record.status !== 'waiting' || this.called.has(record.step)) continue;
      this.withdrawMessage(record);
      const { step, kind, enteredAt, facts } = record;
      const { logicalTime: at, definitions } = this.context;
      const cause = { status: 'skipped', cause: 'removed', reason: 'removed from the journey' } as const;
      const { version } = definitions;
      this.journal.set(step, { step, kind, enteredAt, outcome: null, at, ...cause, facts, version });
    }
  }

  /** Withdraws the held message of a step that the code no longer has. */
  private withdrawMessage({ kind, step }: WaitingRecord): void {
    const { draft, run } = this.context;
    if (stepType(kind).holdsMessages) draft.cancelledMessages.add(messageId(run.id, step));
  }

  private contextOf(step: string, entering: boolean): StepContext {
    const { consumed, journal, called } = this;
    return { ...this.context, consumed, journal, step, turn: called.size, entering };
  }

  private note(step: string | null, what: string, reason: string): void {
    const { draft, journey, logicalTime } = this.context;
    note(draft, { journey: journey.id, step, what, reason }, logicalTime);
  }

  /** The run after the replay. */
  conclude(result: ReplayResult): Run {
    const { run, logicalTime, definitions } = this.context;
    if (result.kind === 'suspended' && !this.changed) return run;
    if (result.kind === 'returned') this.leaveRemoved();
    const journal = this.ordered();
    const open: Run = { ...run, journal, consumed: [...this.consumed], status: 'active', failure: null };
    if (result.kind === 'returned') return end(this.context, open, 'returned', 'finished');
    if (result.kind === 'suspended') {
      const last = this.journal.get(result.step);
      // Only a step that ends the run suspends the code although it is decided.
      return last?.status === 'done' ? this.exit(open, last) : open;
    }
    if (result.error instanceof MissingHistoryError) throw result.error;
    const { message } = result.error;
    const shown = result.error instanceof StepFailure ? { shown: message } : {};
    this.note(result.step, 'failed', shown.shown ?? 'error in the journey');
    const failure = { error: message, step: result.step, at: logicalTime, version: definitions.version, ...shown };
    return { ...open, status: 'failed', failure, reason: message };
  }

  /** Ends the run by an exit step. */
  private exit(open: Run, { reason, uncounted }: DoneRecord): Run {
    if (!uncounted) return end(this.context, open, 'exit step', reason);
    discountEntry(this.context.draft, open);
    return end(this.context, { ...open, uncounted }, 'exit step', reason);
  }

  /** The journal with skipped steps before the position, since the last record of a journal is where the user is. */
  private ordered(): StepRecord[] {
    const entered = [...this.journal.values()];
    // Only an edit renames steps or puts them behind the position.
    if (this.renamed.length === 0 && this.skippedBehind.length === 0) return entered;
    const journal = withRenamed(entered, this.renamed);
    const at = journal.findIndex(({ step }) => step === this.reconciled.position);
    return this.skippedBehind.length === 0 ? journal : journal.toSpliced(at, 0, ...this.skippedBehind);
  }
}

/** Does a pause hold this step? A wait that has begun goes on. Every other step is held from the instant it is reached. */
function heldByPause(known: WaitingRecord | undefined, call: StepCall): boolean {
  return known?.kind !== call.kind || known.hold === 'paused' || call.heldByPause === true;
}
