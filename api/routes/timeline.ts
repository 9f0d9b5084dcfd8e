import { z } from 'zod';
import type { AskedRules } from '../../engine/model/asked-rules';
import type { JsonObject } from '../../engine/model/json';
import { askedIn } from '../../engine/policy/trace';
import { removedBefore, type Cutoffs } from '../../store/retention';
import { timeline, type TimelineEntry } from '../../store/timeline';
import { findUserId } from '../../store/users';
import type { Gates } from '../auth';
import { pageOf, readCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { TIMELINE } from '../examples/users';
import { isoTime, jsonObject, text, time, userParams } from '../fields';
import { route, type Route } from '../route';
import { unknownUser } from './users';

const entry = z
  .object({
    at: time,
    kind: z
      .enum(['event', 'stage', 'entered', 'refused', 'step', 'failure', 'message', 'goal', 'ended'])
      .meta({ description: 'What sort of entry it is' }),
    what: z
      .string()
      .meta({ description: 'The name of the event, stage, journey or step, or the status of the message' }),
    reason: z.string().meta({ description: 'Why it was decided so' }),
    times: z
      .record(z.string(), time)
      .meta({ description: 'The times in `details`, by name. A time that is null is absent' }),
    details: jsonObject.meta({
      description:
        'More about it, depending on `kind`. Times in it are epoch milliseconds, which is deprecated: read them in `times`',
    }),
  })
  .meta({ id: 'TimelineEntry' });

/** The members of `details` that are instants. */
const INSTANTS = [
  ...['receivedAt', 'firstAt', 'nextAt', 'enteredAt', 'askedAt', 'collectsSince', 'until'],
  ...['expiresAt', 'sentAt', 'deliveredAt', 'openedAt', 'bouncedAt', 'complainedAt'],
  ...['seenAt', 'clickedAt', 'dismissedAt', 'answeredAt'],
];

/** Where a page of the timeline begins. */
export const cursor = text.max(1_000).optional().meta({ description: 'The value of `next` from the previous page' });

const query = z.object({
  order: z.enum(['oldest', 'newest']).default('oldest').meta({ description: 'Which entries come first' }),
  limit: z.coerce.number().int().min(1).max(500).default(100).meta({ description: 'How many entries to return' }),
  cursor,
});

const place = z.tuple([z.int(), text]);

/** Everything that happened to a user, was decided and was sent. */
export function timelineRoutes({ database }: ApiDeps, { adminKey }: Gates): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/users/{id}/timeline',
      name: 'getTimeline',
      tag: 'Users',
      summary: 'List what happened to a user',
      description:
        'Returns events, stages, decisions and messages in order, each with its reason. Refused entries into a journey are counted ' +
        'by cause: `refused` stands where the last one was, and `details` has the `count` and the `cause`, and `times` the first as `firstAt`. A ' +
        '`failure` is the last failed attempt of a call: `details` has the number of `attempts` and the `code` of the error, and `times` ' +
        'the next attempt as `nextAt`, if there is one. A `step` that is a message has `asked` in `details`: the rules of the policy that were asked ' +
        'about it, in order, each with its `channel`, the name of the `rule`, what it `says` (`pass`, `refuse` or `hold`), and the `fact` that it read. ' +
        'A `message` that went out has in `times` what was reported of it: `deliveredAt`, `openedAt`, `clickedAt`, `bouncedAt` and `complainedAt`.',
      access: adminKey,
      params: userParams,
      query,
      example: { params: { id: 'ada' }, query: { order: 'newest', limit: '3' } },
      answers: {
        200: {
          description: 'A page of the timeline',
          schema: z.object({
            entries: z.array(entry).meta({ description: 'In the order that was asked for' }),
            next: z.string().nullable().meta({ description: 'The `cursor` of the next page; null on the last page' }),
            removedBefore: z
              .object({ events: time.nullable(), messages: time.nullable(), runs: time.nullable() })
              .meta({
                description:
                  'Older events, messages and ended runs have been removed, as far as nothing needs them; null while all are kept',
              }),
          }),
          example: TIMELINE,
        },
        404: { description: 'Unknown user' },
      },
      handle: async ({ params, query: { order, limit, cursor: given } }) => {
        const after = given === undefined ? null : placeIn(given);
        const userId = await findUserId(database, params.id);
        if (userId === null) throw unknownUser();
        const page = { after, newestFirst: order === 'newest', limit: limit + 1 };
        const [found, removed] = await Promise.all([timeline(database, userId, page), removedBefore(database.pool)]);
        const { items, next } = pageOf(found, limit, placeOf);
        return {
          status: 200,
          body: {
            entries: items.map(entryResponse),
            next,
            removedBefore: removedResponse(removed),
          },
        };
      },
    }),
  ];
}

/** An entry as the API says it. */
export function entryResponse({ at, kind, what, reason, details }: TimelineEntry): z.infer<typeof entry> {
  return { at: isoTime(at), kind, what, reason, times: timesIn(details), details: withAsked(details) };
}

/** The rules of the policy that were asked about a message, as people read them. */
function withAsked(details: JsonObject): JsonObject {
  const { asked } = details;
  return Array.isArray(asked)
    ? { ...details, asked: askedIn(asked as AskedRules).map((one) => ({ ...one })) }
    : details;
}

function timesIn(details: JsonObject): Record<string, string> {
  return Object.fromEntries(
    INSTANTS.flatMap((name) => {
      const ms = details[name];
      return typeof ms === 'number' ? [[name, isoTime(ms)]] : [];
    }),
  );
}

function removedResponse({ events, messages, runs }: Cutoffs): Record<keyof Cutoffs, string | null> {
  return { events: isoTime(events), messages: isoTime(messages), runs: isoTime(runs) };
}

/** The place of an entry in a timeline, as a cursor has it. */
export function placeOf({ at, place: after }: Pick<TimelineEntry, 'at' | 'place'>): readonly [number, string] {
  return [at, after];
}

/**
 * Reads the cursor of a page.
 * @throws {Problem} 422 when it is not the `next` of a page
 */
export function placeIn(given: string): Pick<TimelineEntry, 'at' | 'place'> {
  const [at, after] = readCursor(given, place);
  return { at, place: after };
}
