import { z } from 'zod';
import { eventFactsOf } from '../../authoring/condition';
import { allOf, anyOf } from '../../authoring/event';
import { fields } from '../../authoring/fields';
import type { Repeated, Steps, WaitOptions } from '../../authoring/journey';
import { awaitedAs, narrowedName } from '../../authoring/narrowed';
import { awaitedEvent, duration, namedEvent, readEvent, stepName, type EventForm } from '../../authoring/json-fields';
import { ANY_EVENT_NAME } from '../../model/activity';
import { toMs, type Duration } from '../../model/duration';
import { endedJourney } from '../../model/ended';
import { keepInEvent, withoutTimes } from '../../model/forgetting';
import { isInstant, withExampleTime, type When } from '../../model/instant';
import { copyOf, type Json } from '../../model/json';
import { declaredName, shownName } from '../../model/shown-name';
import type { RecordedEvent } from '../../model/state';
import { eventsFor, knownAt, meantOf, recorded } from '../../user/history';
import { aimAfter, aimAt, type Aim } from './aim';
import { readEvents } from './read-events';
import { mayCome } from './start';
import type { Branch, StepCall, StepForm, StepType } from './step-type';
import { choiceIn, completed, eventsIn, MOST_EVENTS, toTemplates, wantedBy, type Awaited } from './wanted';
import { whenForm, whenOf, type WhenForm } from './when-form';

/** The reason of a wait for ends of journeys that can't come, for example because none was started. */
const NOTHING = 'nothing to wait for';

/** What a step that is made of others asks of its waits. */
export interface InnerWaitOptions {
  /** It waits for the answer to a question with these choices. Reports count the choice, and the run keeps it: it is text of the journey. */
  readonly choices?: readonly string[];
  /** Later waits of the run may use its events, too. */
  readonly leaves?: true;
}

type Options = WaitOptions & Partial<Repeated> & InnerWaitOptions;

/**
 * What ends a wait by time; null when nothing does.
 * @throws {TypeError} when both options are given, or one of them is not a time
 */
function endOf({ within, until }: WaitOptions): Aim | null {
  if (within !== undefined && until !== undefined) throw new TypeError('Expected `within` or `until`, not both.');
  if (until !== undefined) return aimAt(until);
  return within === undefined ? null : aimAfter(within);
}

/**
 * Waits for the earliest matching events that no earlier wait of the run has used. The answer is null when the time is up first.
 * @throws {TypeError} when the options do not fit, or `within` is not a duration
 */
export function waitFor<Answer>(awaited: Awaited, options: Options): StepCall<Answer> {
  const wanted = wantedBy(awaited, options.times);
  const { definitions, text, isSingle } = wanted;
  const names = [...new Set(definitions.map(({ name }) => name))];
  const meant = meantOf(definitions);
  const end = endOf(options);
  const outcomeOf = (events: readonly RecordedEvent[]): Json => {
    const kept = events.map((event) => ({ ...recorded(event) }));
    return isSingle ? (kept[0] ?? null) : kept;
  };
  return {
    kind: 'waitFor',
    text: isSingle ? (end?.text ?? 'no end') : `${text}, ${end?.text ?? 'no end'}`,
    awaited: definitions,
    ...(end && { dependsOn: lastsAnInstant(options) ? 'nothing' : end.dependsOn }),
    progress(context, record) {
      const { run, consumed, logicalTime, wallTime } = context;
      const { until, zone, follows, facts = {} } = end?.at(context, record) ?? { until: null };
      const { enteredAt } = record;
      const from = options.since === 'now' ? Math.max(run.since, enteredAt) : run.since;
      const events = wanted.among(
        eventsFor(context, { names, meant, since: from, watchedSince: enteredAt }).filter(
          (event) => !consumed.has(event.id) && (until === null || knownAt(event, wallTime) <= until),
        ),
      );
      if (events) {
        if (!options.leaves) for (const { id } of events) consumed.add(id);
        const reason = isSingle ? events.map((event) => declaredName(event, names)).join() : text;
        const choice = choiceIn(events[0], options.choices ?? []);
        // Every replay asks for the choice, so a run that forgot it would take another way.
        const kept = choice === null ? events : events.map((event) => keepInEvent(recorded(event), 'value'));
        return { done: { outcome: outcomeOf(kept), reason, ...(choice !== null && { figure: choice }) } };
      }
      if (until !== null && logicalTime >= until) return { done: { outcome: null, reason: 'timeout', facts } };
      if (!names.some((name) => mayCome(name, context))) return { done: { outcome: null, reason: NOTHING } };
      // Any activity may change the trait.
      const others = follows ? [ANY_EVENT_NAME] : [];
      const own = {
        ...(definitions.some(narrowedName) && { narrowed: [...definitions.map(awaitedAs), ...others] }),
        ...(zone !== undefined && { zone }),
        ...(follows && { follows }),
      };
      return { waiting: { until, reason: text, awaits: [...names, ...others], facts, ...own } };
    },
    skip: () => ({ outcome: null }),
    answer: (outcome: Json) => wanted.answer(eventsIn(outcome).map(withoutTimes)) as Answer,
    ...(!isSingle && {
      explored: (outcome: Json) =>
        outcomeOf(eventsIn(outcome).flatMap((event) => completed(event, wanted, options.times))),
    }),
    branches: () => [
      ...wanted.examples.map((examples): Branch => [
        isSingle ? shownName(examples[0]?.name ?? '') : text,
        outcomeOf(examples),
      ]),
      ...(end ? [['timeout', null] as const] : []),
      ...(!end && names.every((name) => endedJourney(name) !== null) ? [[NOTHING, null] as const] : []),
    ],
  };
}

/**
 * In `explore`, a wait that ends at once, or at an instant, which may come at any time, lasts this long, so that the event can come.
 */
const INSTANT: Duration = '1 millisecond';

/** Whether a time may have come when the step is entered: an instant, or a window. */
const mayBeNow = (until: When): boolean => isInstant(until) || 'between' in until;

/** Whether the wait lasts an instant in `explore`, whenever it is reached. */
function lastsAnInstant({ within, until }: WaitOptions): boolean {
  return within === undefined ? until !== undefined && mayBeNow(until) : toMs(within) === 0;
}

function steered(options: Options): WaitOptions & InnerWaitOptions {
  const { within, until, since, choices, leaves } = options;
  const lasting = within === undefined ? (until === undefined ? {} : { until: withExampleTime(until) }) : { within };
  return {
    ...(lastsAnInstant(options) ? { within: INSTANT } : lasting),
    ...(since !== undefined && { since }),
    ...(choices && { choices }),
    ...(leaves && { leaves }),
  };
}

export interface WaitForForm extends StepForm {
  readonly kind: 'waitFor';
  readonly events: readonly EventForm[];
  readonly all?: boolean;
  readonly times?: number;
  readonly within?: Duration;
  readonly until?: WhenForm;
  readonly since?: 'now';
  readonly then?: readonly StepForm[];
  readonly otherwise?: readonly StepForm[];
}

export const WAIT_FOR: StepType<'waitFor', WaitForForm> = {
  kind: 'waitFor',
  bind: (perform) =>
    ((step: string, awaited: Awaited, options: Options = {}) =>
      perform(step, () => waitFor(awaited, options))) as Steps<never>['waitFor'],
  tells: toTemplates,
  figure: 'reason',
  waitsForEvents: true,
  takesTime: true,
  label({ outcome, reason }, chosen) {
    // The label of the choice also names the properties. It does not apply to an event from before the wait.
    return chosen?.event === (eventsIn(outcome)[0]?.name ?? null) ? chosen.label : reason;
  },
  steer: (j, pilot) =>
    (async (step: string, awaited: Awaited, options: Options = {}) => {
      const wanted = wantedBy(awaited, options.times);
      pilot.waits(step, wanted.definitions, endOf(options) !== null);
      pilot.notes.awaits(step, wanted.definitions);
      if (options.until !== undefined) pilot.notes.endsAt(step, options.until);
      const came = await j.waitFor(step, anyOf(...wanted.definitions), steered(options));
      const event = came && pilot.trackEvent(step, came as RecordedEvent);
      if (wanted.isSingle || event === null) return event;
      const events = completed(event, wanted, options.times);
      pilot.shows(step, copyOf(events) as unknown as Json);
      return events;
    }) as Steps<never>['waitFor'],
  json: {
    schema: (steps) =>
      fields({
        kind: z.literal('waitFor').meta({ description: 'Waits for events' }),
        step: stepName,
        events: z
          .array(awaitedEvent)
          .min(1)
          .max(20)
          .meta({ description: 'What is awaited: any one of these events, unless `all` or `times` says otherwise' }),
        all: z
          .boolean()
          .exactOptional()
          .meta({ description: 'All of the events have to come, in any order. Default: any one' }),
        times: z
          .int()
          .min(2)
          .max(MOST_EVENTS)
          .exactOptional()
          .meta({ description: 'How many events have to come. Default: one' }),
        within: duration.exactOptional().meta({
          description: 'How long to wait, from when the step is entered. An event counts if it is received by then',
        }),
        until: whenForm.exactOptional().meta({
          description:
            'Until when to wait, in place of `within`: an instant or a time of the calendar, as in `sleepUntil`',
        }),
        since: z.literal('now').exactOptional().meta({
          description:
            'Only events from when the step is entered on count. Default: events since the user entered the journey count',
        }),
        then: steps.exactOptional().meta({ description: 'The steps if the events came' }),
        otherwise: steps.exactOptional().meta({ description: 'The steps if the time was up' }),
      }),
    async play(form, j, { event, waits }) {
      const { step, events, all = false, times, within, until, since, then = [], otherwise = [] } = form;
      const options: WaitOptions = {
        ...(within !== undefined && { within }),
        ...(until !== undefined && { until: whenOf(until, readEvents(j, waits)) }),
        ...(since !== undefined && { since }),
      };
      const definitions = events.map((one) => readEvent(one, event));
      const got = all
        ? await j.waitFor(step, allOf(...definitions), options)
        : times === undefined
          ? await j.waitFor(step, anyOf(...definitions), options)
          : await j.waitFor(step, anyOf(...definitions), { ...options, times });
      // Of several events, conditions read the one that happened last.
      const [last = null] = ([got ?? []].flat() as RecordedEvent[]).sort((a, b) => b.at - a.at);
      waits.set(step, last);
      return got === null ? otherwise : then;
    },
    reads: ({ until }) => (until === undefined ? [] : eventFactsOf(until as Json, ['until'])),
    mistakes: ({ events, all = false, times, within, until }) => [
      ...(within !== undefined && until !== undefined
        ? [{ path: ['until'], message: 'Expected within or until, not both.' }]
        : []),
      ...(all && times !== undefined ? [{ path: ['times'], message: 'Expected all or times, not both.' }] : []),
      ...events.flatMap((one, index) =>
        one === ANY_EVENT_NAME && (all || times !== undefined)
          ? [{ path: ['events', index], message: 'Any activity (*) can be awaited once only. Name the events.' }]
          : [],
      ),
    ],
    branches: ({ then = [], otherwise = [] }) => [
      { steps: then, path: ['then'] },
      { steps: otherwise, path: ['otherwise'] },
    ],
    events: ({ events }) => events.map((one, index) => namedEvent(one, ['events', index])),
  },
};
