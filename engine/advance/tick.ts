import type { Definitions } from '../definitions/definitions';
import { compareIds, replaceRun, type Draft } from '../user/draft';
import { obey } from '../user/commands';
import { interpret } from '../replay/run';
import { exitOrGoal } from '../user/exits';
import { isActivity, knownAt } from '../user/history';
import { changeStageByEvent, changeStageByTime, overtaking } from '../user/stages';
import type { Run, UserEvent } from '../model/state';
import { isTouched } from '../user/wake-ups';
import { count, enterByEvent, enterByInactivity, enterByStage } from '../user/triggers';
import { journeyOf } from '../definitions/versions';

/** One pass over a user: what is decided about, by what, and when. */
export interface Pass {
  readonly draft: Draft;
  readonly definitions: Definitions;
  /** The real present, epoch milliseconds. */
  readonly now: number;
  /** Other definitions decided last. */
  readonly edited: boolean;
}

/**
 * Everything that is due at a moment, in a fixed order: events, stages, silence, then each run.
 * @param before the moment decided last; null where everything is to be looked at anew
 */
export async function decideAt(pass: Pass, moment: number, before: number | null): Promise<void> {
  const { draft, definitions, now } = pass;
  const later = draft.unseen.findIndex((event) => knownAt(event, now) > moment);
  const due = draft.unseen.splice(0, later === -1 ? Infinity : later);
  for (const [index, event] of due.entries()) {
    if (!isActivity(event)) {
      obey(definitions, draft, event, moment, now);
      continue;
    }
    count(definitions, draft, event);
    followStages(pass, event, moment, due.slice(index + 1));
    enterByEvent(definitions, draft, event, moment);
  }
  while (changeStageByTime(definitions.lifecycle, draft, moment)) enterByStage(definitions, draft, moment, null);
  enterByInactivity(definitions, draft, moment);
  await decideRuns(pass, moment, before === null ? null : [...due, ...learnedSince(pass, moment, before)]);
}

/** Events seen before, by which time it was not known yet who would await them. */
function learnedSince({ draft, now }: Pass, moment: number, before: number): UserEvent[] {
  return draft.history.events.filter((event) => {
    const at = knownAt(event, now);
    return !event.pending && at > before && at <= moment;
  });
}

/** Changes the stage by an event, and by those that came before it although they happened after it. */
function followStages(
  { draft, definitions, now }: Pass,
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
async function decideRuns(pass: Pass, moment: number, arrivals: readonly UserEvent[] | null): Promise<void> {
  const { draft, definitions, now } = pass;
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
      left.endedAt !== null || parked ? left : await interpret({ ...pass, journey, run: left, moment, now }),
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
