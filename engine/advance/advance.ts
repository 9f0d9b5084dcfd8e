import type { Definitions } from '../definitions/definitions';
import { journeyOf } from '../definitions/versions';
import { forgetInEvent, forgetInRun } from '../model/forgetting';
import { openCalls } from '../model/run';
import type { Call, Decision, HistoryRequest, Message, Run, StageChange, UserState } from '../model/state';
import type { ChatChange } from '../model/chat-change';
import type { TrackedEvent } from '../model/tracked';
import { awaitingOf } from '../user/awaiting';
import { openDraft, type Draft } from '../user/draft';
import { MissingHistoryError } from '../user/history';
import { newHistory } from '../user/imported';
import type { AdvanceContext } from './context';
import { earliest, nextDue, nextUnawaited } from './due';
import { tick } from './tick';

/** What one call of `advance` decided. Times are epoch milliseconds. */
export interface Advanced {
  readonly kind: 'advanced';
  readonly state: UserState & { readonly memory: NonNullable<UserState['memory']> };
  readonly effects: {
    /** Messages that are new or changed. The queued ones are to be delivered, the others are only kept. */
    readonly messages: readonly Message[];
    /** Events for this user or others. They are to be received like any event, each once. */
    readonly tracked: readonly TrackedEvent[];
    /** What changes of conversations, in order. It is carried out when this is saved. */
    readonly chats: readonly ChatChange[];
    /** All calls that have no answer yet. There are none while more events are pending than were loaded. */
    readonly calls: readonly Call[];
    /** The ids of runs that the user left. Their messages that are not delivered yet are withdrawn. */
    readonly cancelledRuns: readonly string[];
    /** The ids of held messages with a step that an edit removed. */
    readonly cancelledMessages: readonly string[];
    readonly stageChanges: readonly StageChange[];
  };
  /** Runs that are new or changed. */
  readonly changedRuns: readonly Run[];
  /** The ids of events that were pending and have now been seen. */
  readonly seen: readonly string[];
  /** When time alone will next change something; null for never. */
  readonly wakeAt: number | null;
  /**
   * The names of the events that can change something. The list is valid until `wakeAt`, or until one of these events arrives.
   * From then until the next advance, any event of `Definitions.reactsTo` may matter.
   */
  readonly awaiting: readonly string[];
  /** The same, narrowed by filters; see `Awaiting`. */
  readonly awaitingExactly: readonly string[] | null;
  readonly decisions: readonly Decision[];
}

/** The engine needs more of the user's history. Load what is requested, and call `advance` again. */
export interface MissingHistory {
  readonly kind: 'missing history';
  readonly request: HistoryRequest;
}

/**
 * Advances a user to `now`. Everything that happened or came due since the last advance is decided in that order, so it makes no
 * difference how often or how late this is called. Messages are the exception: they are never sent in the past.
 *
 * This function is pure: it does not change the state, and reads nothing but its arguments.
 * @param now the wall time, epoch milliseconds
 */
export async function advance(
  state: UserState,
  now: number,
  definitions: Definitions,
): Promise<Advanced | MissingHistory> {
  const known = forgetIn(state, now);
  const opened = open(known, now, definitions);
  if ('kind' in opened) return opened;
  const draft = opened;
  const { memory } = draft;
  const edited = memory.version !== definitions.version;
  // An edit does not apply to the past, so what is overdue under edited definitions is due now.
  if (edited) memory.watermark = Math.max(memory.watermark, now);
  memory.version = definitions.version;
  const present = Math.max(now, memory.watermark);
  const end = Math.min(present, state.history.until ?? present);
  const context: AdvanceContext = { draft, definitions, wallTime: present, edited };
  try {
    // All events that have arrived by now come first, so a run that the user has left takes no step of the new code.
    if (edited) await tick(context, memory.watermark, null);
    let due = nextDue(context);
    while (due !== null && due <= end) {
      const before = memory.watermark;
      memory.watermark = Math.max(due, before);
      await tick(context, memory.watermark, before);
      due = earliest([nextDue(context), nextUnawaited(context)]);
    }
  } catch (error) {
    if (error instanceof MissingHistoryError) return { kind: 'missing history', request: error.request };
    throw error;
  }
  return conclude(known, context);
}

/** Opens a working copy of the user, with the history that was imported since they were last advanced. */
function open(state: UserState, now: number, definitions: Definitions): Draft | MissingHistory {
  try {
    return openDraft(state, now, definitions, newHistory(state, definitions));
  } catch (error) {
    if (error instanceof MissingHistoryError) return { kind: 'missing history', request: error.request };
    throw error;
  }
}

/** The user without the properties of events whose time is over, in the history and in the runs. */
function forgetIn(state: UserState, now: number): UserState {
  const { history, runs, memory } = state;
  const wallTime = Math.max(now, memory?.watermark ?? 0);
  const isForgotten =
    history.events.some((event) => forgetInEvent(event, wallTime) !== event) ||
    runs.some((run) => forgetInRun(run, wallTime) !== run);
  if (!isForgotten) return state;
  const events = history.events.map((event) => forgetInEvent(event, wallTime));
  return { ...state, history: { ...history, events }, runs: runs.map((run) => forgetInRun(run, wallTime)) };
}

/** Suppresses a message of a run that the user left in this same advance. */
function withdrawIfLeft(message: Message, { cancelledRuns }: Draft): Message {
  return cancelledRuns.has(message.runId) ? { ...message, status: 'suppressed', reason: 'left the journey' } : message;
}

function conclude(before: UserState, context: AdvanceContext): Advanced {
  const { draft, definitions, wallTime } = context;
  const formerly = new Map(before.runs.map((run) => [run.id, run]));
  const seen = new Set(before.history.events.filter(({ pending }) => pending).map(({ id }) => id));
  for (const { id } of draft.unseen) seen.delete(id);
  const { memory, traits, reach } = draft;
  const runs = draft.runs.all;
  const morePending = before.history.until !== undefined;
  return {
    kind: 'advanced',
    state: {
      ...before,
      traits,
      reach,
      memory,
      runs: runs.filter(({ endedAt }) => endedAt === null),
      history: {
        ...before.history,
        events: before.history.events.map((event) => (seen.has(event.id) ? { ...event, pending: false } : event)),
      },
    },
    effects: {
      messages: [...draft.messages.values()].map((message) => withdrawIfLeft(message, draft)),
      tracked: draft.tracked,
      chats: draft.chats,
      // An event that is still pending may end the run of a call.
      calls: morePending ? [] : runs.filter((run) => journeyOf(definitions.journeys, run)).flatMap(openCalls),
      cancelledRuns: [...draft.cancelledRuns],
      cancelledMessages: [...draft.cancelledMessages],
      stageChanges: draft.stageChanges,
    },
    changedRuns: runs.filter((run) => formerly.get(run.id) !== run),
    seen: [...seen],
    wakeAt: morePending ? wallTime : nextDue(context),
    ...awaitingOf(definitions, draft),
    decisions: draft.decisions,
  };
}
