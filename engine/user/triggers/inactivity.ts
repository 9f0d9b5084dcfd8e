import { z } from 'zod';
import { duration } from '../../authoring/json-fields';
import type { Journey } from '../../authoring/journey';
import type { Occurrence } from '../../authoring/event';
import { fields } from '../../authoring/fields';
import type { Trigger } from '../../authoring/trigger';
import { ANY_EVENT_NAME } from '../../model/activity';
import { describeMs, toMs, type Duration } from '../../model/duration';
import { getOwn } from '../../model/own-property';
import type { Draft } from '../draft';
import { ageOfDue, isBeforeImport, isFull, isInside, isTooOld } from '../entry';
import { lastCounted } from '../last-entry';
import { exampleNamed, type TriggerType } from './trigger-type';

/** Entry after a silence: a while without activity. Each silence lets the user enter once. */
export interface InactivityTrigger extends Trigger<Occurrence> {
  readonly kind: 'inactivity';
  /** Milliseconds. */
  readonly afterMs: number;
}

/**
 * Enters users after this long without activity, once per silence. Activity does not wake the user to restart the silence.
 * @throws {TypeError} when the duration is not one
 */
export function inactivity(after: Duration): InactivityTrigger {
  return { kind: 'inactivity', afterMs: toMs(after) };
}

const form = fields({
  kind: z
    .literal('inactivity')
    .meta({ description: 'Lets users enter after a while without activity, once for each silence' }),
  after: duration.meta({ description: 'How long the silence lasts' }),
});

export const INACTIVITY = {
  kind: 'inactivity',
  text: ({ afterMs }) => `no activity for ${describeMs(afterMs)}`,
  events: () => [],

  admissions(trigger, journey, occasion, draft, logicalTime) {
    const due = occasion.kind === 'time' ? dueAt(trigger, journey, draft) : null;
    if (due === null || due > logicalTime) return [];
    const silence = { id: silenceId(draft), name: 'inactivity', at: draft.lastSeenAt, properties: {} };
    return [{ journey, trigger: silence, key: null, since: logicalTime }];
  },

  dueAt,

  silenceMs: ({ afterMs }) => afterMs,

  // The silence has let the user enter, or is too old to. The next activity begins the next silence.
  awaits(trigger, journey, draft) {
    const isSpent = hasEntered(journey, draft) || isHistory(trigger, journey, draft);
    const isOver = journey.reenter === 'never' && lastCounted(draft, journey) !== undefined;
    return isSpent && !isOver ? [ANY_EVENT_NAME] : [];
  },

  examples: ({ kind }) => [exampleNamed(kind)],

  json: { schema: form, read: ({ after }) => inactivity(after), events: () => [] },
} satisfies TriggerType<InactivityTrigger, z.infer<typeof form>>;

/**
 * When the silence will have lasted long enough, epoch milliseconds; null when the user may not enter, or already entered by
 * it.
 */
function dueAt({ afterMs }: InactivityTrigger, journey: Journey, draft: Draft): number | null {
  // Starts and entries by hand may have opened runs with keys, which a silence has not.
  const isClosed = isInside(draft, journey, null) ? journey.reenter !== 'restart' : isFull(draft, journey);
  if (isClosed || isHistory({ afterMs }, journey, draft)) return null;
  const due = draft.lastSeenAt + afterMs;
  if (!getOwn(draft.memory.entries, journey.id)) return due;
  if (hasEntered(journey, draft)) return null;
  const counted = lastCounted(draft, journey);
  if (counted === undefined) return due;
  if (journey.reenter === 'never') return null;
  return typeof journey.reenter === 'number' ? Math.max(due, counted + journey.reenter) : due;
}

/**
 * Had the silence lasted long enough before history of the user was imported, or so long before the engine first heard of them that it
 * is no reason to enter now?
 */
function isHistory({ afterMs }: Pick<InactivityTrigger, 'afterMs'>, journey: Journey, draft: Draft): boolean {
  const due = draft.lastSeenAt + afterMs;
  return isBeforeImport(draft, due) || isTooOld(journey, ageOfDue(draft, due));
}

/** Has the current silence let the user enter? The last entry may be another one, if an edit changed the trigger meanwhile. */
function hasEntered({ id }: Journey, draft: Draft): boolean {
  const silence = silenceId(draft);
  return getOwn(draft.memory.entries, id)?.trigger === silence || draft.runs.last(id, null)?.trigger.id === silence;
}

/** Identifies the current silence. */
function silenceId({ lastSeenAt }: Draft): string {
  return `inactivity:${lastSeenAt}`;
}
