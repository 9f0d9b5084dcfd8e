import type { MemoryHost } from '../testing/memory-host';
import type { ChannelName, Run, RunEnd, StepKind, StepRecord } from '../model/state';
import { numberless } from '../outline/numberless';
import { stepType, type Chosen } from '../replay/steps';

/** The name of the exit step that replaces a step beyond a bound. */
export const CUT_OFF = '… cut off';

/**
 * How a path ends: the code returned (`completed`), an exit step (`exited`), an exit event (`left`), a goal that ends
 * the run, an error (`failed`), never (`open`), at a bound (`cut`), or at a place from which another path goes on (`again`).
 */
export type PathEnd = 'completed' | 'exited' | 'left' | 'goal' | 'failed' | 'open' | 'cut' | 'again';

/** Why a path ends although its run is active. */
export interface Open {
  /** The step in which the run may wait forever. */
  readonly waitsFor?: string;
  /** The step of another path from which everything goes on in the same way. */
  readonly as?: string;
}

/** A step of a path, with its outcome where that makes a difference; otherwise ''. */
export interface PathStep {
  readonly step: string;
  readonly kind: StepKind;
  /** Its arguments, as in a diagram. */
  readonly text: string;
  readonly outcome: string;
}

/** One way through a journey, from entry to end. */
export interface Path {
  /** The event that let the person enter, where several can; otherwise ''. */
  readonly entry: string;
  readonly steps: readonly PathStep[];
  readonly end: PathEnd;
  readonly reason: string;
  readonly durationMs: number;
  /** For a path that is cut off in a loop: how long the loop went on. Otherwise the duration. */
  readonly loopMs: number;
  readonly reachedGoal: boolean;
  readonly messages: readonly { readonly channel: ChannelName; readonly at: number }[];
}

/** What `pathOf` needs to know that the run does not say. */
export interface Circumstances extends Open {
  readonly entry: string;
  /** The event of the journey's goal, in words; null for none. */
  readonly goal: string | null;
  /** The step during which a goal was reached that does not end the run; null for none. */
  readonly goalIn: { readonly step: string; readonly event: string } | null;
  /** The choice made in each step. */
  readonly chosen: ReadonlyMap<string, Chosen>;
  /** Sends of which the code reads the outcome. */
  readonly readSends: Pick<ReadonlySet<string>, 'has'>;
  readonly textOf: (step: string) => string;
}

/** The path that a run took. */
export function pathOf(host: MemoryHost, run: Run, circumstances: Circumstances): Path {
  const { entry, waitsFor, as, goal, goalIn, chosen, readSends, textOf } = circumstances;
  const end = as !== undefined ? 'again' : waitsFor !== undefined ? 'open' : endOf(run);
  const endsAt = run.endedAt ?? host.state.memory?.watermark ?? run.enteredAt;
  const loopedFrom = end === 'cut' ? firstOfLoop(run) : run;
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
            : (stepType(kind).label?.(record, chosen.get(step), readSends.has(step)) ?? '');
        const inPassing = goalIn?.step === step ? `${goalIn.event} (goal)` : '';
        return { step, kind, text: textOf(step), outcome: [outcome, inPassing].filter(Boolean).join(', ') };
      }),
    end,
    reason: as ?? waitsFor ?? run.reason,
    durationMs: endsAt - run.enteredAt,
    loopMs: endsAt - loopedFrom.enteredAt,
    reachedGoal: run.goalAt !== null,
    messages: [...host.messages.values()]
      .filter(({ status }) => status === 'queued')
      .map(({ channel, decidedAt }) => ({ channel, at: decidedAt })),
  };
}

/** Describes a path in one line: its outcomes where there were several, and its end. */
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
  restart: 'left',
};

/** The first record of the step that a run took last before it was cut off. That step is in the loop. */
function firstOfLoop(run: Run): Pick<StepRecord, 'enteredAt'> {
  const last = numberless(run.journal.at(-2)?.step ?? '');
  return run.journal.find(({ step }) => numberless(step) === last) ?? run;
}
