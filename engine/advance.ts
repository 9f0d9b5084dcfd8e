import { awaitingOf } from './awaiting';
import type { Definitions } from './definitions';
import { compareIds, openDraft, replaceRun, type Draft } from './draft';
import { obey } from './internal';
import { interpret, PAUSED } from './interpret';
import { exitOrGoal } from './leaving';
import { isActivity, knownAt, NeedError } from './match';
import { changeStageByEvent, changeStageByTime, nextStageDue, overtaking } from './stages';
import type { Call, Decision, Message, Need, Run, StageChange, UserEvent, UserState } from './state';
import { deadlineOf, isTouched } from './touched';
import { count, enterByEvent, enterByInactivity, enterByStage, inactivityDue } from './triggers';
import { journeyOf } from './versions';

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
export interface NeedsMore {
  readonly kind: 'needs';
  readonly need: Need;
}

/**
 * Brings a user up to `now`: everything that happened or came due since is decided in the order it did, so that it makes
 * no difference how often or how late this is called. Only messages are different: they are never sent in the past.
 *
 * Pure: the state is not changed, nothing is read but the arguments.
 */
export async function advance(state: UserState, now: number, definitions: Definitions): Promise<Advanced | NeedsMore> {
  const draft = openDraft(state, now, definitions);
  const edited = draft.memory.version !== definitions.version;
  // Under edited definitions what is overdue is due now: nothing they say applies to the past.
  if (edited) draft.memory.clock = Math.max(draft.memory.clock, now);
  draft.memory.version = definitions.version;
  const present = Math.max(now, draft.memory.clock);
  const end = Math.min(present, state.history.until ?? present);
  const moments: Moment = { draft, definitions, now: present, edited };
  try {
    // With all that came before it: who has left by now is told nothing more.
    if (edited) await decideAt(moments, draft.memory.clock, null);
    let due = nextDue(moments);
    while (due !== null && due <= end) {
      const before = draft.memory.clock;
      const moment = Math.max(due, before);
      draft.memory.clock = moment;
      await decideAt(moments, moment, before);
      due = earliest([nextDue(moments), nextUnawaited(moments)]);
    }
  } catch (error) {
    if (error instanceof NeedError) return { kind: 'needs', need: error.need };
    throw error;
  }
  return conclude(state, moments);
}

interface Moment {
  readonly draft: Draft;
  readonly definitions: Definitions;
  readonly now: number;
  readonly edited: boolean;
}

/**
 * Everything that is due at a moment, in a fixed order: events, stages, silence, then each run.
 * @param before the moment decided last; null where everything is to be looked at anew
 */
async function decideAt(moments: Moment, moment: number, before: number | null): Promise<void> {
  const { draft, definitions, now } = moments;
  const later = draft.unseen.findIndex((event) => knownAt(event, now) > moment);
  const due = draft.unseen.splice(0, later === -1 ? Infinity : later);
  for (const [index, event] of due.entries()) {
    if (!isActivity(event)) {
      obey(definitions, draft, event, moment, now);
      continue;
    }
    count(definitions, draft, event);
    followStages(moments, event, moment, due.slice(index + 1));
    enterByEvent(definitions, draft, event, moment);
  }
  while (changeStageByTime(definitions.lifecycle, draft, moment)) enterByStage(definitions, draft, moment, null);
  enterByInactivity(definitions, draft, moment);
  await decideRuns(moments, moment, before === null ? null : [...due, ...learnedSince(moments, moment, before)]);
}

/** Events seen before, by which time it was not known yet who would await them. */
function learnedSince({ draft, now }: Moment, moment: number, before: number): UserEvent[] {
  return draft.history.events.filter((event) => {
    const at = knownAt(event, now);
    return !event.pending && at > before && at <= moment;
  });
}

/** Changes the stage by an event, and by those that came before it although they happened after it. */
function followStages(
  { draft, definitions, now }: Moment,
  event: UserEvent,
  moment: number,
  next: readonly UserEvent[],
): void {
  const { lifecycle } = definitions;
  let cause: UserEvent | null = event;
  while (cause && changeStageByEvent(lifecycle, draft, cause, moment)) {
    enterByStage(definitions, draft, moment, cause);
    const unseen = new Set([...draft.unseen, ...next]);
    const seen = draft.history.events.filter((other) => knownAt(other, now) <= moment && !unseen.has(other));
    cause = overtaking(lifecycle, draft, cause, seen);
  }
}

/** @param arrivals what has become known since the moment before; null where every run is to be looked at */
async function decideRuns(moments: Moment, moment: number, arrivals: readonly UserEvent[] | null): Promise<void> {
  const { draft, definitions, now } = moments;
  const touched = draft.runs.flatMap((run) => {
    const journey = run.endedAt === null ? journeyOf(definitions.journeys, run) : undefined;
    const look = arrivals === null || (journey && isTouched({ draft, moment, arrivals }, run, journey));
    return journey && look ? [{ run, journey }] : [];
  });
  for (const { run, journey } of touched.sort((a, b) => byEntry(a.run, b.run))) {
    const left = exitOrGoal({ draft, journey, run, moment, now });
    const parked = left.failure !== null && left.failure.version === definitions.version;
    replaceRun(
      draft,
      left.endedAt !== null || parked ? left : await interpret({ ...moments, journey, run: left, moment, now }),
    );
  }
}

/** The order in which runs decide at the same moment, whatever order they are given in: that of what let the user enter. */
function byEntry(a: Run, b: Run): number {
  const byCause = a.trigger.at - b.trigger.at || compareIds(a.trigger.id, b.trigger.id);
  return a.enteredAt - b.enteredAt || byCause || (a.id < b.id ? -1 : 1);
}

/** The next moment anything is due: an event not yet looked at, a deadline, a stage, a silence. */
function nextDue({ draft, definitions, now }: Moment): number | null {
  const dues = [
    ...draft.unseen.slice(0, 1).map((event) => knownAt(event, now)),
    ...draft.runs
      .filter((run) => run.status === 'active' && journeyOf(definitions.journeys, run))
      .map((run) => deadlineOf(run, draft)),
    nextStageDue(definitions.lifecycle, draft),
    ...definitions.journeys.map((journey) => inactivityDue(journey, draft)),
  ];
  return earliest(dues);
}

/**
 * The next moment at which an event became known that nobody awaited when it came. What was decided since, for a moment
 * before, may await it.
 */
function nextUnawaited({ draft, now }: Moment): number | null {
  const known = draft.history.events.flatMap((event) => (event.pending ? [] : knownAt(event, now)));
  return earliest(known.filter((at) => at > draft.memory.clock));
}

function earliest(moments: readonly (number | null)[]): number | null {
  return moments.reduce((first, at) => (first === null || (at !== null && at < first) ? at : first), null);
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

function conclude(before: UserState, { draft, definitions, now, edited }: Moment): Advanced {
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
    wakeAt: behind ? now : nextDue({ draft, definitions, now, edited }),
    awaiting: awaitingOf(definitions, draft),
    decisions: draft.decisions,
  };
}
