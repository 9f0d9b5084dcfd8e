import type { MemoryHost } from '../testing/memory-host';
import type { ChannelName, Run, RunEnd, StepKind } from '../model/state';
import { stepType, type Chosen } from '../replay/steps';

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
  /** What was chosen, by step. */
  readonly chosen: ReadonlyMap<string, Chosen>;
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
        const { step, kind } = record;
        const outcome =
          record.status === 'waiting'
            ? leftBy
            : (stepType(kind).label?.(record, chosen.get(step), looked.has(step)) ?? '');
        const inPassing = goalIn?.step === step ? `${goalIn.event} (goal)` : '';
        return { step, kind, text: textOf(step), outcome: [outcome, inPassing].filter(Boolean).join(', ') };
      }),
    end,
    reason: waitsFor ?? run.reason,
    durationMs: (run.endedAt ?? host.state.memory?.watermark ?? run.enteredAt) - run.enteredAt,
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

function endOf({ status, endedBy, journal }: Run): PathEnd {
  if (status === 'failed') return 'failed';
  if (journal.at(-1)?.step === CUT_OFF) return 'cut';
  return endedBy === undefined ? 'open' : ENDS[endedBy];
}

const ENDS: Readonly<Record<RunEnd, PathEnd>> = {
  returned: 'completed',
  goal: 'goal',
  'exit step': 'exited',
  'exit event': 'left',
  'by hand': 'left',
};
