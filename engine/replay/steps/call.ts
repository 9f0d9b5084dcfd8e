import type { CallContext, CallOptions } from '../../authoring/journey';
import { optionMs } from '../../model/duration';
import type { Json, JsonObject } from '../../model/json';
import type { UserEvent, WaitingRecord } from '../../model/state';
import { CALLED } from '../../user/commands';
import { knownAt } from '../../user/history';
import type { StepContext } from '../context';
import { branchesOf } from './branches';
import { StepFailure, type Branch, type Progress, type StepCall, type StepType } from './step-type';
import { deadline } from './waiting';

/** What is recorded of a call that has failed as often as it may. */
export interface CallFailure {
  /** How often it has failed. */
  readonly attempts: number;
  /** The code or the name of the last error, without personal data. */
  readonly code: string;
  /** When the call was asked for, epoch milliseconds; see `askedAtOf`. */
  readonly since: number;
}

const ON_FAILURE: readonly NonNullable<CallOptions['onFailure']>[] = ['null', 'park'];

/**
 * Asks an activity to make a call, and waits for its answer, which arrives as an internal event. So does the news that the call
 * has failed for good.
 * @throws {TypeError} when the bounds are not a duration and a whole number, or `onFailure` is unknown or has no bound to follow
 */
function call<Result extends Json>(
  work: (context: CallContext) => Promise<Result>,
  options: CallOptions<Result>,
): StepCall<Result | null> {
  const { within, attempts, onFailure } = options;
  const ms = within === undefined ? null : optionMs('within', within);
  if (attempts !== undefined && !(Number.isInteger(attempts) && attempts >= 1))
    throw new TypeError(`attempts must be a whole number of 1 or more, not ${attempts}.`);
  if (onFailure !== undefined && !ON_FAILURE.includes(onFailure))
    throw new TypeError(`onFailure: expected ${ON_FAILURE.map((one) => `'${one}'`).join(' or ')}, not '${onFailure}'.`);
  if (onFailure !== undefined && ms === null && attempts === undefined)
    throw new TypeError(`onFailure: '${onFailure}' needs a bound: within, such as '3 hours', or attempts, such as 3.`);
  return {
    kind: 'call',
    text: [within === undefined ? '' : `within ${within}`, attempts === undefined ? '' : `${attempts} attempts`]
      .filter(Boolean)
      .join(', '),
    work,
    ...(attempts !== undefined && { attempts }),
    progress(context, record) {
      const { logicalTime } = context;
      const came = answersTo(context);
      const answer = came.find(({ properties }) => properties['failed'] === undefined);
      if (answer) {
        const { result: outcome = null, facts } = answer.properties;
        return { done: { outcome, reason: 'answered', facts: (facts ?? {}) as JsonObject } };
      }
      const asked = askedAt(context, record);
      const until = ms === null ? null : deadline(context, record, asked + ms);
      const failed = came.map(failureIn).find((failure) => failure !== null && failure.since >= asked);
      if (failed) return giveUp(`gave up after ${failed.attempts} attempts: ${failed.code}`, onFailure);
      if (until !== null && logicalTime >= until) return giveUp(`gave up: no answer within ${within ?? ''}`, onFailure);
      const isBounded = ms !== null || attempts !== undefined;
      const anew = isBounded && asked !== record.enteredAt ? { askedAt: asked } : {};
      return { waiting: { until, reason: 'call', awaitsAnswer: true, ...anew } };
    },
    skip: () => ({ outcome: null }),
    answer: (outcome) => outcome as Result | null,
    branches: () => answersOf(options),
  };
}

function giveUp(reason: string, onFailure: CallOptions['onFailure']): Progress {
  if (onFailure === 'null') return { done: { outcome: null, reason } };
  throw new StepFailure(reason);
}

/** What has arrived for this call by now: its answer, or that it has failed for good. */
function answersTo({ draft, run, step, logicalTime, wallTime }: StepContext): UserEvent[] {
  return draft.history.events.filter(
    (event) =>
      event.name === CALLED &&
      event.properties['run'] === run.id &&
      event.properties['step'] === step &&
      knownAt(event, wallTime) <= logicalTime,
  );
}

function failureIn({ properties }: UserEvent): CallFailure | null {
  return (properties['failed'] as CallFailure | null | undefined) ?? null;
}

/** When the call was asked for. Failures from before don't count. */
function askedAt(context: StepContext, record: WaitingRecord): number {
  const { entering, run, step, wallTime } = context;
  // No call is made in the past, so its time begins at wall time.
  if (entering) return wallTime;
  const before = askedAtOf(record);
  const isParkedHere = run.failure?.step === step;
  const anew = isParkedHere || record.hold === 'paused' || record.kind !== 'call';
  return anew ? Math.max(wallTime, before + 1) : before;
}

/** When the call of a waiting record was asked for, epoch milliseconds. */
export function askedAtOf({ askedAt: asked, enteredAt }: WaitingRecord): number {
  return asked ?? enteredAt;
}

/** The examples of the answer, and null if the call can go without one. */
function answersOf({ examples = [], onFailure }: CallOptions): readonly Branch[] {
  const answers = [...examples, ...(onFailure === 'null' ? [null] : [])];
  return branchesOf(answers.length === 0 ? [null] : answers);
}

export const CALL: StepType<'call', never> = {
  kind: 'call',
  bind:
    (perform) =>
    (step, work, options = {}) =>
      perform(step, () => call(work, options)),
  tells: (outcome) => outcome,
  figure: null,
  label: (_, chosen) => chosen?.label ?? '',
  steer:
    (j, pilot) =>
    (step, work, options = {}) => {
      pilot.answers(step, answersOf(options));
      return j.call(step, work, options);
    },
  json: null,
};
