import { awaitingOf } from '../user/awaiting';
import type { Definitions } from '../definitions/definitions';
import { openDraft, type Draft } from '../user/draft';
import { earliest, nextDue, nextUnawaited } from './due';
import { PAUSED } from '../replay/run';
import { MissingHistoryError } from '../user/history';
import { tick, type AdvanceContext } from './tick';
import type { Call, Decision, Message, HistoryRequest, Run, StageChange, UserState } from '../model/state';
import { journeyOf } from '../definitions/versions';

/** What one call of `advance` decided. Times are epoch milliseconds. */
export interface Advanced {
  readonly kind: 'advanced';
  readonly state: UserState & { readonly memory: NonNullable<UserState['memory']> };
  readonly effects: {
    /** Messages that are new or changed: queued ones are to be delivered, the rest is for the record. */
    readonly messages: readonly Message[];
    /** Every call asked for and not answered yet; none while more is pending than was at hand. */
    readonly calls: readonly Call[];
    /** Runs left at once: what they have queued and not yet delivered is withdrawn. */
    readonly cancelledRuns: readonly string[];
    /** Held messages whose step an edit removed. */
    readonly cancelledMessages: readonly string[];
    readonly stageChanges: readonly StageChange[];
  };
  /** Runs that are new or changed. */
  readonly changedRuns: readonly Run[];
  /** Events that have now been seen. */
  readonly seen: readonly string[];
  /** When time alone will change something; null for never. */
  readonly wakeAt: number | null;
  /**
   * The names of the events that could change anything. It holds until `wakeAt`, or until such an event is there: while a
   * user is not settled, any event of `Definitions.reactsTo` may matter.
   */
  readonly awaiting: readonly string[];
  readonly decisions: readonly Decision[];
}

/** The engine can't decide before it is told something. Load it and call again. */
export interface MissingHistory {
  readonly kind: 'needs';
  readonly need: HistoryRequest;
}

/**
 * Brings a user up to `now`: everything that happened or came due since is decided in the order it did, so that it makes
 * no difference how often or how late this is called. Only messages are different: they are never sent in the past.
 *
 * Pure: the state is not changed, nothing is read but the arguments.
 */
export async function advance(
  state: UserState,
  wallTime: number,
  definitions: Definitions,
): Promise<Advanced | MissingHistory> {
  const draft = openDraft(state, wallTime, definitions);
  const edited = draft.memory.version !== definitions.version;
  // Under edited definitions what is overdue is due now: nothing they say applies to the past.
  if (edited) draft.memory.clock = Math.max(draft.memory.clock, wallTime);
  draft.memory.version = definitions.version;
  const present = Math.max(wallTime, draft.memory.clock);
  const end = Math.min(present, state.history.until ?? present);
  const pass: AdvanceContext = { draft, definitions, wallTime: present, edited };
  try {
    // With all that came before it: who has left by now is told nothing more.
    if (edited) await tick(pass, draft.memory.clock, null);
    let due = nextDue(pass);
    while (due !== null && due <= end) {
      const before = draft.memory.clock;
      const logicalTime = Math.max(due, before);
      draft.memory.clock = logicalTime;
      await tick(pass, logicalTime, before);
      due = earliest([nextDue(pass), nextUnawaited(pass)]);
    }
  } catch (error) {
    if (error instanceof MissingHistoryError) return { kind: 'needs', need: error.need };
    throw error;
  }
  return conclude(state, pass);
}

/** A run left in the same breath takes its messages with it. */
function withdrawIfLeft(message: Message, { cancelledRuns }: Draft): Message {
  return cancelledRuns.has(message.runId) ? { ...message, status: 'suppressed', reason: 'left the journey' } : message;
}

function openCalls({ id, journey, status, journal }: Run): Call[] {
  if (status !== 'active') return [];
  return journal
    .filter((record) => record.kind === 'call' && record.status === 'waiting' && record.reason !== PAUSED)
    .map(({ step }) => ({ runId: id, journey, step }));
}

function conclude(before: UserState, { draft, definitions, wallTime, edited }: AdvanceContext): Advanced {
  const formerly = new Map(before.runs.map((run) => [run.id, run]));
  const seen = new Set(before.history.events.filter(({ pending }) => pending).map(({ id }) => id));
  for (const { id } of draft.unseen) seen.delete(id);
  const { memory, traits, runs } = draft;
  const behind = before.history.until !== undefined;
  return {
    kind: 'advanced',
    state: {
      ...before,
      traits,
      memory,
      runs: runs.filter(({ endedAt }) => endedAt === null),
      history: {
        ...before.history,
        events: before.history.events.map((event) => (seen.has(event.id) ? { ...event, pending: false } : event)),
      },
    },
    effects: {
      messages: [...draft.messages.values()].map((message) => withdrawIfLeft(message, draft)),
      // What is pending still may end a run.
      calls: behind ? [] : runs.filter((run) => journeyOf(definitions.journeys, run)).flatMap(openCalls),
      cancelledRuns: [...draft.cancelledRuns],
      cancelledMessages: [...draft.cancelledMessages],
      stageChanges: draft.stageChanges,
    },
    changedRuns: runs.filter((run) => formerly.get(run.id) !== run),
    seen: [...seen],
    wakeAt: behind ? wallTime : nextDue({ draft, definitions, wallTime, edited }),
    awaiting: awaitingOf(definitions, draft),
    decisions: draft.decisions,
  };
}
