import { z } from 'zod';
import { requireOneEvent, type EventDefinition } from '../../authoring/event';
import { fields } from '../../authoring/fields';
import type { TrackTo } from '../../authoring/journey';
import { eventName, namedEvent, stepName } from '../../authoring/json-fields';
import { ANY_EVENT_NAME, isActivity } from '../../model/activity';
import { copyOf, type Json, type JsonObject } from '../../model/json';
import { MAX_HOPS, MAX_TRACKED_BYTES, MAX_TRACKED_FOR } from '../../model/limits';
import { traitChangedBy } from '../../model/trait-change';
import { hopsSoFar } from './hops';
import { readEvents } from './read-events';
import { instant, SILENT, type StepCall, type StepForm, type StepType } from './step-type';
import { trackFor } from './tell';
import { isUserId, userIdForm, type UserIdForm } from './user-id';
import { factsRead, factsReadBy, valueForms, valueOf, valuesOf, type ValueForms } from './value-forms';

/** Why an event is not tracked: the id is none of a user, the properties are too large, or journeys only answer one another. */
type Refusal = 'user' | 'size' | 'hops';

const REFUSALS: Readonly<Record<Refusal, string>> = {
  user: 'no user has such an id',
  size: `more than ${MAX_TRACKED_BYTES} bytes`,
  hops: `${MAX_HOPS} events in a row were tracked by journeys`,
};

const SET_IT = 'it is the change of a trait, which comes of setting the trait.';

/**
 * Tracks an event for a user, or for each of several.
 * @throws {TypeError} when it is no single event, the event is any activity, an internal one, or the change of a trait, or there are too many users
 */
function track(to: TrackTo, event: EventDefinition<unknown>, properties: unknown): StepCall<void> {
  requireOneEvent('track', event);
  const { name } = event;
  if (name === ANY_EVENT_NAME || !isActivity({ name }))
    throw new TypeError(`'${name}' can't be tracked: name an event.`);
  if (traitChangedBy(name) !== null) throw new TypeError(`'${name}' can't be tracked: ${SET_IT}`);
  const userIds = 'userIds' in to ? [...new Set(to.userIds)] : [];
  if (userIds.length > MAX_TRACKED_FOR)
    throw new TypeError(`track: expected at most ${MAX_TRACKED_FOR} users at once, not ${userIds.length}.`);
  return instant({ kind: 'track', text: name, leadsTo: { event: name }, ...SILENT }, (context) => {
    const given = copyOf(properties ?? {}) as JsonObject;
    const hops = hopsSoFar(context) + 1;
    const trackOnce = (userId: string, part: string | null): Refusal | null => {
      const refused = refusalOf(userId, given, hops);
      if (refused === null) trackFor(context, hops, { userId, name, properties: given, part });
      return refused;
    };
    if ('userIds' in to) {
      const refusals = userIds.map((userId, n) => trackOnce(userId, String(n)));
      const refused = refusals.find((one) => one !== null) ?? null;
      const times = refusals.filter((one) => one === null).length;
      return { outcome: { event: name, times, refused }, reason: reasonOf(`${name}, ${times} times`, refused) };
    }
    const { userId } = to;
    const refused = trackOnce(userId, null);
    const outcome = { event: name, userId: typeof userId === 'string' ? userId : null, refused };
    return { outcome, reason: reasonOf(name, refused) };
  });
}

function reasonOf(text: string, refused: Refusal | null): string {
  return refused === null ? text : `${text}: ${REFUSALS[refused]}`;
}

function refusalOf(userId: unknown, properties: JsonObject, hops: number): Refusal | null {
  if (hops > MAX_HOPS) return 'hops';
  if (!isUserId(userId)) return 'user';
  return Buffer.byteLength(JSON.stringify(properties)) > MAX_TRACKED_BYTES ? 'size' : null;
}

export interface TrackForm extends StepForm {
  readonly kind: 'track';
  readonly userId: UserIdForm;
  readonly event: string;
  readonly properties?: ValueForms;
}

export const TRACK: StepType<'track', TrackForm> = {
  kind: 'track',
  bind: (perform) => (step, to, event, properties) => perform(step, () => track(to, event, properties)),
  describe: (outcome) => ((outcome as { refused?: Json } | null)?.refused == null ? 'tracked' : 'refused'),
  figure: 'reason',
  json: {
    schema: () =>
      fields({
        kind: z.literal('track').meta({ description: 'Makes an event happen to a user' }),
        step: stepName,
        userId: userIdForm.meta({
          description:
            'The id of the user to whom the event happens, at most 200 characters, or its place in an event. An unknown user is created',
        }),
        event: eventName.meta({ description: 'The name of the event: one of the catalogue or of `events`' }),
        properties: valueForms.exactOptional().meta({
          description: 'What journeys can read of the event, at most 32 KB. A value may be its place in an event',
        }),
      }),
    async play({ step, userId, event: name, properties = {} }, j, { event, waits }) {
      const events = readEvents(j, waits);
      const to = { userId: valueOf(userId, events) as string };
      await j.track(step, to, event(name), valuesOf(properties, events));
      return [];
    },
    reads: ({ userId, properties = {} }) => [
      ...factsReadBy(userId, ['userId']),
      ...factsRead(properties, ['properties']),
    ],
    events: ({ event }) => [namedEvent(event, ['event'])],
    mistakes({ event }) {
      if (traitChangedBy(event) !== null)
        return [{ path: ['event'], message: `'${event}' can't be tracked: ${SET_IT}` }];
      return event === ANY_EVENT_NAME
        ? [{ path: ['event'], message: "Any activity (*) can't be tracked: name an event." }]
        : [];
    },
  },
};
