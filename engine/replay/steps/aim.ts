import { optionMs, type Duration } from '../../model/duration';
import { isInstant, isLocalInTrait, readInstant, type Offset, type Time, type When } from '../../model/instant';
import { describeLocal } from '../../model/local-text';
import type { WaitingRecord } from '../../model/state';
import { nextLocal, nextWithin, parseTime, requireZone, zoneOf } from '../../model/zone';
import type { LocalHours, LocalTime, LocalTimeInTrait } from '../../model/zone';
import { timeOf, wasTold } from '../../user/followed';
import type { StepContext } from '../context';
import type { DependsOn, Waiting } from './step-type';
import { deadline } from './waiting';

/** When a wait ends by time, as one evaluation of its step computes it. */
export interface Aimed extends Pick<Waiting, 'until' | 'zone' | 'follows' | 'facts'> {
  /** It is an instant that was over already when it became known: when the step was reached, the trait changed, or an edit came. */
  readonly isOver: boolean;
}

/** What ends a wait by time. */
export interface Aim {
  /** As a diagram shows it. */
  readonly text: string;
  /** In words for people that do not tell an instant, which belongs to the user. */
  readonly reason: string;
  readonly dependsOn: DependsOn;
  at(context: StepContext, record: WaitingRecord): Aimed;
}

/**
 * Aims at the end of the span `within`, which begins when the step is entered.
 * @throws {TypeError} when the duration is not one
 */
export function aimAfter(duration: Duration): Aim {
  const ms = optionMs('within', duration);
  return {
    text: duration,
    reason: duration,
    dependsOn: 'nothing',
    at: (context, record) => ({ until: deadline(context, record, record.enteredAt + ms), isOver: false }),
  };
}

/**
 * Aims at an instant, or at a time of the local calendar.
 * @throws {TypeError} when a time, a day, a zone or a duration is not one
 */
export function aimAt(when: When): Aim {
  if (isInstant(when)) return atInstant(when);
  return isLocalInTrait(when) ? atLocalInTrait(when) : atLocal(when);
}

function atInstant(when: Time | Offset): Aim {
  const { base, offset, text, reason } = readInstant(when);
  return {
    text,
    reason,
    dependsOn: 'date',
    at(context, record) {
      if (typeof base === 'number') return aimed(context, record, base + offset);
      const { trait } = base;
      const time = timeOf(context.draft, { trait }, record.follows);
      const follows = { trait, time };
      // What is no time yet may become one.
      if (time === null) return { until: null, isOver: false, follows };
      return { ...aimed(sinceTold(context, trait), record, time + offset), follows };
    },
  };
}

/** A trait that was told has changed at this instant. Otherwise nothing says when, so it counts from now on. */
function sinceTold(context: StepContext, trait: string): StepContext {
  return wasTold(context.draft, trait) ? { ...context, wallTime: context.logicalTime } : context;
}

/** An instant that has moved into the past, or was over when a pause ended, ends the wait now, but it is over. */
function aimed(context: StepContext, record: WaitingRecord, at: number): Aimed {
  const until = deadline(context, record, at);
  return { until, isOver: at < Math.max(until, record.enteredAt) };
}

function atLocal(when: LocalTime | LocalHours): Aim {
  requireHours(when);
  const times = 'between' in when ? when.between : [when.at];
  times.forEach(parseTime);
  const fixed = when.zone === undefined ? null : requireZone(when.zone);
  return {
    text: times.join(' to '),
    get reason() {
      return describeLocal(when);
    },
    dependsOn: 'day' in when ? 'date' : 'weekday' in when || 'weekdays' in when ? 'weekday' : 'time of day',
    at(context, record) {
      const zone = fixed ?? zoneOf(context.draft.traits);
      const next =
        'between' in when ? nextWithin(when, zone, record.enteredAt) : nextLocal(when, zone, record.enteredAt);
      // Temporal shows reasons too. The zone belongs to the user, so it is a fact and not part of the reason.
      const own = fixed === null ? { facts: { zone }, zone } : {};
      return { until: deadline(context, record, next), isOver: false, ...own };
    },
  };
}

/** @throws {TypeError} when hours come with what only a time of day can have */
function requireHours(when: LocalTime | LocalHours): void {
  const ignored = 'between' in when ? ['at', 'day', 'weekday'].find((name) => name in when) : undefined;
  if (ignored !== undefined)
    throw new TypeError(`Expected \`between\` or \`${ignored}\`, not both. Hours may have \`weekdays\` and \`zone\`.`);
}

function atLocalInTrait(when: LocalTimeInTrait): Aim {
  const { trait } = when.at;
  const atMinute = (minute: number): Aim =>
    atLocal({ ...when, at: `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}` as LocalTime['at'] });
  return {
    get text() {
      return describeLocal(when);
    },
    get reason() {
      return describeLocal(when);
    },
    dependsOn: atMinute(0).dependsOn,
    at(context, record) {
      const time = timeOf(context.draft, { trait, ofDay: true }, record.follows);
      const follows = { trait, time, ofDay: true } as const;
      if (time === null) return { until: null, isOver: false, follows };
      return { ...atMinute(time).at(sinceTold(context, trait), record), follows };
    },
  };
}
