import type { Json } from '../model/json';
import type { MemoryHost } from '../testing/memory-host';
import type { ChannelName, Run, StepKind, StepRecord } from '../model/state';

/** The exit in place of a step a bound doesn't let anyone take. */
export const CUT_OFF = '… cut off';

/** How a path ends: the code returned, an exit step, an exit event, a goal that ends the run, an error, never, or at a bound. */
export type PathEnd = 'completed' | 'exited' | 'left' | 'goal' | 'failed' | 'open' | 'cut';

/** A step of a path, and what came of it where that makes a difference. */
export interface PathStep {
  readonly step: string;
  readonly kind: StepKind;
  /** Its arguments, as a diagram would say. */
  readonly text: string;
  readonly outcome: string;
}

/** One way through a journey, from entry to end. */
export interface Path {
  /** What let the person enter, where there is more than one. */
  readonly entry: string;
  readonly steps: readonly PathStep[];
  readonly end: PathEnd;
  readonly reason: string;
  readonly durationMs: number;
  readonly reachedGoal: boolean;
  readonly messages: readonly { readonly channel: ChannelName; readonly at: number }[];
}

/** What a run doesn't say itself, such as the step it may wait in for ever, and that in which a goal was reached in passing. */
export interface Circumstances {
  readonly entry: string;
  readonly waitsFor: string | null;
  readonly goal: string | null;
  readonly goalIn: { readonly step: string; readonly event: string } | null;
  /** The labels of the ways taken, by step. */
  readonly chosen: ReadonlyMap<string, string>;
  /** Sends whose outcome makes a difference. */
  readonly looked: ReadonlySet<string>;
  readonly textOf: (step: string) => string;
}

/** The path a run has taken. */
export function pathOf(host: MemoryHost, run: Run, circumstances: Circumstances): Path {
  const { entry, waitsFor, goal, goalIn, chosen, looked, textOf } = circumstances;
  const end = waitsFor === null ? endOf(run) : 'open';
  const leftBy = end === 'left' ? run.reason : end === 'goal' ? (goal ?? '') : '';
  return {
    entry,
    steps: run.journal
      .filter(({ step }) => step !== CUT_OFF)
      .map((record) => {
        const { step, kind, status } = record;
        const outcome = status === 'waiting' ? leftBy : outcomeOf(record, chosen.get(step), looked);
        const inPassing = goalIn?.step === step ? `${goalIn.event} (goal)` : '';
        return { step, kind, text: textOf(step), outcome: [outcome, inPassing].filter(Boolean).join(', ') };
      }),
    end,
    reason: waitsFor ?? run.reason,
    durationMs: (run.endedAt ?? host.state.memory?.clock ?? run.enteredAt) - run.enteredAt,
    reachedGoal: run.goalAt !== null,
    messages: [...host.messages.values()]
      .filter(({ status }) => status === 'queued')
      .map(({ channel, decidedAt }) => ({ channel, at: decidedAt })),
  };
}

/** A path in a line: its outcomes, where there was more than one, and its end. */
export function describePath({ entry, steps, end, reason }: Path): string {
  const taken = steps.filter(({ outcome }) => outcome !== '').map(({ step, outcome }) => `${step}: ${outcome}`);
  return [...(entry === '' ? [] : [entry]), ...taken, reason === '' ? end : `${end} (${reason})`].join(' → ');
}

function endOf({ status, reason, journal }: Run): PathEnd {
  if (status === 'failed') return 'failed';
  if (status === 'completed') return reason === 'goal' ? 'goal' : 'completed';
  const last = journal.at(-1);
  if (last?.step === CUT_OFF) return 'cut';
  return last?.kind === 'exit' ? 'exited' : 'left';
}

function outcomeOf(
  { step, kind, outcome, reason }: StepRecord,
  label: string | undefined,
  looked: ReadonlySet<string>,
): string {
  switch (kind) {
    case 'waitFor':
      // The label says with which properties; an event that was there before has none.
      return label?.startsWith(reason) ? label : reason;
    case 'check':
      return outcome === true ? 'yes' : 'no';
    case 'experiment':
      return typeof outcome === 'string' ? outcome : '';
    case 'send':
      return looked.has(step) ? statusOf(outcome) : '';
    default:
      return '';
  }
}

function statusOf(outcome: Json): string {
  const status = outcome !== null && typeof outcome === 'object' && 'status' in outcome ? outcome.status : '';
  return typeof status === 'string' ? status : '';
}
