import type { Definitions } from '../definitions/definitions';
import { compareIds, replaceRun, type Draft } from '../user/draft';
import { applyCommand } from '../user/commands';
import { advanceRun } from '../replay/run';
import { exitOrGoal } from '../user/exits';
import { isActivity, knownAt } from '../user/history';
import { changeStageByEvent, changeStageByTime, overtaking } from '../user/stages';
import type { Run, UserEvent } from '../model/state';
import { mayChange } from '../user/wake-ups';
import { count, enterByEvent, enterByInactivity, enterByStage } from '../user/triggers';
import { journeyOf } from '../definitions/versions';

/** One pass over a user: what is decided about, by what, and when. */
export interface AdvanceContext {
  readonly draft: Draft;
  readonly definitions: Definitions;
  /** The real present, epoch milliseconds. */
  readonly wallTime: number;
  /** Other definitions decided last. */
  readonly edited: boolean;
}

/**
 * Everything that is due at a moment, in a fixed order: events, stages, silence, then each run.
 * @param before the moment decided last; null where everything is to be looked at anew
 */
export async function tick(pass: AdvanceContext, logicalTime: number, before: number | null): Promise<void> {
  const { draft, definitions, wallTime } = pass;
  const later = draft.unseen.findIndex((event) => knownAt(event, wallTime) > logicalTime);
  const due = draft.unseen.splice(0, later === -1 ? Infinity : later);
  for (const [index, event] of due.entries()) {
    if (!isActivity(event)) {
      applyCommand(definitions, draft, event, logicalTime, wallTime);
      continue;
    }
    count(definitions, draft, event);
    followStages(pass, event, logicalTime, due.slice(index + 1));
    enterByEvent(definitions, draft, event, logicalTime);
  }
  while (changeStageByTime(definitions.lifecycle, draft, logicalTime))
    enterByStage(definitions, draft, logicalTime, null);
  enterByInactivity(definitions, draft, logicalTime);
  await decideRuns(pass, logicalTime, before === null ? null : [...due, ...learnedSince(pass, logicalTime, before)]);
}

/** Events seen before, by which time it was not known yet who would await them. */
function learnedSince({ draft, wallTime }: AdvanceContext, logicalTime: number, before: number): UserEvent[] {
  return draft.history.events.filter((event) => {
    const at = knownAt(event, wallTime);
    return !event.pending && at > before && at <= logicalTime;
  });
}

/** Changes the stage by an event, and by those that came before it although they happened after it. */
function followStages(
  { draft, definitions, wallTime }: AdvanceContext,
  event: UserEvent,
  logicalTime: number,
  next: readonly UserEvent[],
): void {
  const { lifecycle } = definitions;
  let cause: UserEvent | null = event;
  while (cause && changeStageByEvent(lifecycle, draft, cause, logicalTime)) {
    enterByStage(definitions, draft, logicalTime, cause);
    const unseen = new Set([...draft.unseen, ...next]);
    const seen = draft.history.events.filter((other) => knownAt(other, wallTime) <= logicalTime && !unseen.has(other));
    cause = overtaking(lifecycle, draft, cause, seen);
  }
}

/** @param arrivals what has become known since the moment before; null where every run is to be looked at */
async function decideRuns(
  pass: AdvanceContext,
  logicalTime: number,
  arrivals: readonly UserEvent[] | null,
): Promise<void> {
  const { draft, definitions, wallTime } = pass;
  const touched = draft.runs.flatMap((run) => {
    const journey = run.endedAt === null ? journeyOf(definitions.journeys, run) : undefined;
    const look = arrivals === null || (journey && mayChange({ draft, logicalTime, arrivals }, run, journey));
    return journey && look ? [{ run, journey }] : [];
  });
  for (const { run, journey } of touched.sort((a, b) => byEntry(a.run, b.run))) {
    const left = exitOrGoal({ draft, journey, run, logicalTime, wallTime });
    const parked = left.failure !== null && left.failure.version === definitions.version;
    replaceRun(
      draft,
      left.endedAt !== null || parked ? left : await advanceRun({ ...pass, journey, run: left, logicalTime, wallTime }),
    );
  }
}

/** The order in which runs decide at the same moment, whatever order they are given in: that of what let the user enter, then by name. */
function byEntry(a: Run, b: Run): number {
  const byCause = a.trigger.at - b.trigger.at || compareIds(a.trigger.id, b.trigger.id);
  // By id last: it is a digest, of moments too, and would make the order depend on when it is.
  const byName = compare(a.journey, b.journey) || compare(a.key ?? '', b.key ?? '');
  return a.enteredAt - b.enteredAt || byCause || byName || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
