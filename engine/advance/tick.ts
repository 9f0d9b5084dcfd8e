import type { Journey } from '../authoring/journey';
import { priorityOf } from '../authoring/priority';
import { journeyOf } from '../definitions/versions';
import { isActivity } from '../model/activity';
import type { Run, UserEvent } from '../model/state';
import { advanceRun } from '../replay/run';
import { applyCommand } from '../user/commands';
import { count } from '../user/counters';
import { compareIds, type Draft } from '../user/draft';
import { enter, type Admission } from '../user/entry';
import { exitOrGoal } from '../user/exits';
import { knownAt } from '../user/history';
import { noteImport } from '../user/imported';
import { changeStagesByEvent, changeStagesByTime, type ChangedStage } from '../user/stages';
import { admissionsAt, countedEvents, noteSchedules } from '../user/triggers';
import { Arrivals, mayChange } from '../user/may-change';
import type { AdvanceContext } from './context';

/**
 * Decides everything that is due at one instant, in this order:
 * 1. The events that arrived, in the order of arrival. An internal event is applied as a command. Any other event changes stages,
 *    then lets the user enter journeys.
 * 2. The passing of time, which changes stages, then lets the user enter journeys. Before it, it is noted what dates and the calendar
 *    now say.
 * 3. The runs that may have changed. Each applies its exits and its goal before it goes on. Then the runs that were started, and those
 *    that started a run which has ended, until there are no more.
 *
 * Every phase returns plain lists, which are applied here.
 * @param logicalTime the instant, epoch milliseconds
 * @param before the instant decided before this one, epoch milliseconds; null to evaluate every run
 * @throws {MissingHistoryError} when the history at hand does not reach far enough
 */
export async function tick(context: AdvanceContext, logicalTime: number, before: number | null): Promise<void> {
  const arrived = takeArrivals(context, logicalTime);
  for (const [index, event] of arrived.entries()) {
    const next = (): readonly UserEvent[] => arrived.slice(index + 1);
    if (isActivity(event)) admit(context, byEvent(context, event, next, logicalTime), logicalTime);
    else applyCommand(context, event, logicalTime);
  }
  noteImport(context.draft, arrived, logicalTime);
  noteSchedules(context.definitions.journeys, context.draft, arrived, logicalTime);
  admit(context, byTime(context, logicalTime), logicalTime);
  const news = before === null ? null : [...arrived, ...becameKnown(context, logicalTime, before)];
  let due = runsToAdvance(context, logicalTime, news, tellOfEndings(context.draft));
  while (due.length > 0) due = await decideRuns(context, due, logicalTime);
}

/**
 * Decides runs. A run that one before it has ended is left as it is.
 * @returns the runs that they have started, and those that have started a run which has ended
 */
async function decideRuns(
  context: AdvanceContext,
  due: readonly RunOfJourney[],
  logicalTime: number,
): Promise<RunOfJourney[]> {
  const { draft, definitions } = context;
  const { runs } = draft;
  const known = runs.all.length;
  for (const { run: before, journey } of due) {
    const run = runs.get(before.id);
    if (run?.endedAt === null) runs.replace(await decideRun(context, run, journey, logicalTime));
  }
  const told = tellOfEndings(draft);
  if (told.size === 0 && runs.all.length === known) return [];
  return openRuns(
    runs.all.filter(({ id }, place) => place >= known || told.has(id)),
    definitions.journeys,
  ).sort(byEntry);
}

/** Tells the runs that started runs which have ended. Returns the ids of those told. */
function tellOfEndings(draft: Draft): ReadonlySet<string> {
  const told = new Set<string>();
  for (const { starter, event } of draft.endings) {
    const run = draft.runs.get(starter.run);
    if (run?.endedAt !== null) continue;
    draft.runs.replace({ ...run, endings: [...(run.endings ?? []), event] });
    told.add(run.id);
  }
  draft.endings = [];
  return told;
}

/** Removes the events that have become known by this instant from the unseen ones, and returns them. */
function takeArrivals({ draft, wallTime }: AdvanceContext, logicalTime: number): UserEvent[] {
  const later = draft.unseen.findIndex((event) => knownAt(event, wallTime) > logicalTime);
  return draft.unseen.splice(0, later === -1 ? Infinity : later);
}

/** Counts an event and changes stages by it. Returns the admissions by the stages and by the event itself; none for history. */
function byEvent(
  { draft, definitions: { journeys, lifecycle }, wallTime }: AdvanceContext,
  event: UserEvent,
  next: () => readonly UserEvent[],
  logicalTime: number,
): Admission[] {
  count(draft, countedEvents(journeys), event);
  const seen = (): UserEvent[] => {
    const unseen = new Set([...draft.unseen, ...next()]);
    return draft.history.events.filter((other) => knownAt(other, wallTime) <= logicalTime && !unseen.has(other));
  };
  const changes = changeStagesByEvent(lifecycle, draft, event, logicalTime, seen);
  if (event.history) return [];
  return [
    ...byStages(journeys, changes, draft, logicalTime),
    ...admissionsAt(journeys, { kind: 'event', event }, draft, logicalTime),
  ];
}

/** Changes stages by the passing of time. Returns the admissions by the stages and by time itself. */
function byTime({ draft, definitions: { journeys, lifecycle } }: AdvanceContext, logicalTime: number): Admission[] {
  return [
    ...byStages(journeys, changeStagesByTime(lifecycle, draft, logicalTime), draft, logicalTime),
    ...admissionsAt(journeys, { kind: 'time' }, draft, logicalTime),
  ];
}

/** The admissions by changes of stage. A change by imported history lets nobody enter. */
function byStages(
  journeys: readonly Journey[],
  changes: readonly ChangedStage[],
  draft: Draft,
  logicalTime: number,
): Admission[] {
  return changes
    .filter(({ isHistory }) => !isHistory)
    .flatMap((change) => admissionsAt(journeys, { kind: 'stage', ...change }, draft, logicalTime));
}

function admit(context: AdvanceContext, admissions: readonly Admission[], logicalTime: number): void {
  for (const admission of admissions) enter(context, admission, logicalTime);
}

/** The events that became known between the two instants and were seen before, when nothing awaited them yet. */
function becameKnown({ draft, wallTime }: AdvanceContext, logicalTime: number, before: number): UserEvent[] {
  return draft.history.events.filter((event) => {
    const at = knownAt(event, wallTime);
    return !event.pending && at > before && at <= logicalTime;
  });
}

interface RunOfJourney {
  readonly run: Run;
  readonly journey: Journey;
}

/**
 * The runs that may have changed, in the order in which they decide.
 * @param news the events that have become known since the instant before; null to evaluate every run
 * @param told the ids of runs that have started a run which has ended
 */
function runsToAdvance(
  { draft, definitions }: AdvanceContext,
  logicalTime: number,
  news: readonly UserEvent[] | null,
  told: ReadonlySet<string>,
): RunOfJourney[] {
  const arrivals = news && new Arrivals(news);
  return openRuns(draft.runs.all, definitions.journeys)
    .filter(
      ({ run, journey }) => !arrivals || told.has(run.id) || mayChange({ draft, logicalTime, arrivals }, run, journey),
    )
    .sort(byEntry);
}

/** The open runs among these, each with the journey that decides it. A run without one is left out. */
function openRuns(runs: readonly Run[], journeys: readonly Journey[]): RunOfJourney[] {
  return runs.flatMap((run) => {
    const journey = run.endedAt === null ? journeyOf(journeys, run) : undefined;
    return journey ? [{ run, journey }] : [];
  });
}

/** Applies exits and the goal, then advances the run. A run that was parked under these definitions goes no further. */
async function decideRun(context: AdvanceContext, run: Run, journey: Journey, logicalTime: number): Promise<Run> {
  const { draft, definitions, wallTime } = context;
  const left = exitOrGoal({ draft, journey, run, logicalTime, wallTime });
  const isParked = left.failure !== null && left.failure.version === definitions.version;
  return left.endedAt !== null || isParked ? left : advanceRun({ ...context, journey, run: left, logicalTime });
}

/**
 * The order in which runs decide at the same instant: by the priority of their journeys, by when they were entered, by their triggers,
 * then by journey and key.
 */
function byEntry({ run: a, journey }: RunOfJourney, { run: b, journey: other }: RunOfJourney): number {
  const byPriority = priorityOf(other) - priorityOf(journey);
  const byCause = a.trigger.at - b.trigger.at || compareIds(a.trigger.id, b.trigger.id);
  // The id comes last. It is a digest that can contain times, so the order would depend on when the run was entered.
  const byName = compare(a.journey, b.journey) || compare(a.key ?? '', b.key ?? '');
  return byPriority || a.enteredAt - b.enteredAt || byCause || byName || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
