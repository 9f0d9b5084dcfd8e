import type { MemoryHost } from '../memory-host';
import type { ChannelName, Run, StepKind, StepRecord } from '../state';

/** How a path ends: the code returned, an exit step, an exit event, a goal that ends the run, an error, never, or at a bound. */
export type PathEnd = 'completed' | 'exited' | 'left' | 'goal' | 'failed' | 'open' | 'cut';

/** A step of a path, and what came of it where that makes a difference. */
export interface PathStep {
  readonly step: string;
  readonly kind: StepKind;
  readonly outcome: string;
}

/** One way through a journey, from entry to end. */
export interface Path {
  readonly steps: readonly PathStep[];
  readonly end: PathEnd;
  readonly reason: string;
  readonly durationMs: number;
  readonly reachedGoal: boolean;
  readonly messages: readonly { readonly channel: ChannelName; readonly at: number }[];
}

/** How a run was left where the journal doesn't say: the bound it met, and in which step a goal was reached in passing. */
export interface Circumstances {
  readonly end: 'open' | 'cut' | null;
  readonly reason: string;
  readonly goalIn: { readonly step: string; readonly event: string } | null;
  readonly looked: ReadonlySet<string>;
}

/** The path a run has taken. */
export function pathOf(host: MemoryHost, run: Run, { end, reason, goalIn, looked }: Circumstances): Path {
  const ended = end ?? endOf(run);
  return {
    steps: run.journal.map((record) => {
      const outcome = record.status === 'waiting' ? (ended === 'left' || ended === 'goal' ? run.reason : '') : outcomeOf(record, looked);
      const goal = goalIn?.step === record.step ? `${goalIn.event} (goal)` : '';
      return { step: record.step, kind: record.kind, outcome: [outcome, goal].filter(Boolean).join(', ') };
    }),
    end: ended,
    reason: end === null ? run.reason : reason,
    durationMs: (run.endedAt ?? host.state.memory?.clock ?? run.enteredAt) - run.enteredAt,
    reachedGoal: run.goalAt !== null,
    messages: [...host.messages.values()]
      .filter(({ status }) => status === 'queued')
      .map(({ channel, decidedAt }) => ({ channel, at: decidedAt })),
  };
}

/** A path in a line: its outcomes, where there was more than one, and its end. */
export function describePath({ steps, end, reason }: Path): string {
  const taken = steps.filter(({ outcome }) => outcome !== '').map(({ step, outcome }) => `${step}: ${outcome}`);
  return [...taken, reason === '' ? end : `${end} (${reason})`].join(' → ');
}

function endOf({ status, reason, journal }: Run): PathEnd {
  if (status === 'failed') return 'failed';
  if (status === 'completed') return reason === 'goal' ? 'goal' : 'completed';
  return journal.at(-1)?.kind === 'exit' ? 'exited' : 'left';
}

function outcomeOf({ step, kind, outcome, reason }: StepRecord, looked: ReadonlySet<string>): string {
  switch (kind) {
    case 'waitFor':
      return reason;
    case 'check':
      return outcome === true ? 'yes' : 'no';
    case 'experiment':
      return typeof outcome === 'string' ? outcome : '';
    case 'send':
      return looked.has(step) && outcome !== null && typeof outcome === 'object' && 'status' in outcome
        ? String(outcome.status)
        : '';
    default:
      return '';
  }
}
