import { namesOf, type AnyOf, type EventDefinition, type OccurrenceOf } from '../../authoring/event';
import { toMs, type Duration } from '../../model/duration';
import type { WaitOptions } from '../../authoring/journey';
import type { Json, JsonObject } from '../../model/json';
import { declaredName, eventsFor, knownAt, recorded } from '../../user/history';
import type { StepRecord } from '../../model/state';
import { nextLocal, parseTime, zoneOf, type LocalTime } from '../../model/zone';
import { SILENT, type Progress, type StepContext, type StepHandler } from './handler';

/**
 * When a wait ends, counted from its recorded start. A deadline that differs from the recorded one was changed by an
 * edit, and then can't lie in the past: what is overdue is due now, not retroactively.
 */
function deadline(context: StepContext, record: StepRecord, computed: number): number {
  return context.entering || computed === record.until ? computed : Math.max(computed, context.wallTime);
}

function untilThen(context: StepContext, until: number, reason: string, facts: JsonObject = {}): Progress {
  return context.logicalTime >= until
    ? { done: { outcome: null, reason, facts } }
    : { waiting: { until, reason, facts } };
}

/** Waits for a span of elapsed time. */
export function sleep(duration: Duration): StepHandler<void> {
  const ms = toMs(duration);
  return {
    kind: 'sleep',
    progress: (context, record) => untilThen(context, deadline(context, record, record.enteredAt + ms), duration),
    ...SILENT,
  };
}

/** Waits for a moment of the user's local calendar. */
export function sleepUntil(when: LocalTime): StepHandler<void> {
  parseTime(when.at);
  return {
    kind: 'sleepUntil',
    progress: (context, record) => {
      const zone = zoneOf(context.draft.traits);
      return untilThen(
        context,
        deadline(context, record, nextLocal(when, zone, record.enteredAt)),
        // Reasons are read in Temporal too: the zone, which is the user's, is a fact.
        describe(when),
        { zone },
      );
    },
    ...SILENT,
  };
}

function describe({ weekday, at }: LocalTime): string {
  return weekday === undefined ? at : `${['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][weekday - 1] ?? ''} ${at}`;
}

/** Waits for the earliest matching event that no earlier wait of the run has used; null when the time is up first. */
export function waitFor<Awaited extends EventDefinition<unknown> | AnyOf>(
  awaited: Awaited,
  { within, since }: WaitOptions,
): StepHandler<OccurrenceOf<Awaited> | null> {
  const names = namesOf(awaited);
  const ms = within === undefined ? null : toMs(within);
  return {
    kind: 'waitFor',
    progress: (context, record) => {
      const { run, consumed, logicalTime, wallTime } = context;
      const until = ms === null ? null : deadline(context, record, record.enteredAt + ms);
      const { enteredAt } = record;
      const from = since === 'now' ? Math.max(run.since, enteredAt) : run.since;
      const match = eventsFor(context, { names, since: from, watchedSince: enteredAt }).find(
        (event) => !consumed.has(event.id) && (until === null || knownAt(event, wallTime) <= until),
      );
      if (match) {
        consumed.add(match.id);
        return { done: { outcome: { ...recorded(match) }, reason: declaredName(match, names) } };
      }
      if (until !== null && logicalTime >= until) return { done: { outcome: null, reason: 'timeout' } };
      return { waiting: { until, reason: names.join(' or '), awaits: names } };
    },
    skip: () => ({ outcome: null }),
    answer: (outcome: Json) => outcome as OccurrenceOf<Awaited> | null,
  };
}
