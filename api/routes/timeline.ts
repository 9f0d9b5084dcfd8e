import { z } from 'zod';
import { timeline, type TimelineEntry } from '../../store/timeline';
import { findUserId } from '../../store/users';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { TIMELINE } from '../examples/users';
import { isoTime, jsonObject, text, time, userParams } from '../fields';
import { Problem } from '../problem';
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
    details: jsonObject.meta({ description: 'More about it, depending on `kind`' }),
  })
  .meta({ id: 'TimelineEntry' });

const query = z.object({
  order: z.enum(['oldest', 'newest']).default('oldest').meta({ description: 'Which entries come first' }),
  limit: z.coerce.number().int().min(1).max(500).default(100).meta({ description: 'How many entries to return' }),
  cursor: text.max(1_000).optional().meta({ description: 'The value of `next` from the previous page' }),
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
        'by cause: `refused` stands where the last one was, and `details` has the `count`, the `cause` and the time of the first. A ' +
        '`failure` is the last failed attempt of a call: `details` has the number of `attempts`, the `code` of the error and, as ' +
        '`nextAt`, the time of the next attempt in epoch milliseconds, which is null if there is none.',
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
          }),
          example: TIMELINE,
        },
        404: { description: 'Unknown user' },
      },
      handle: async ({ params, query: { order, limit, cursor } }) => {
        const after = cursor === undefined ? null : readCursor(cursor);
        const userId = await findUserId(database, params.id);
        if (userId === null) throw unknownUser();
        // One extra entry shows whether there is a next page.
        const found = await timeline(database, userId, { after, newestFirst: order === 'newest', limit: limit + 1 });
        const entries = found.slice(0, limit);
        const last = entries.at(-1);
        return {
          status: 200,
          body: { entries: entries.map(entryResponse), next: last && found.length > limit ? writeCursor(last) : null },
        };
      },
    }),
  ];
}

/** An entry as the API says it. */
export function entryResponse({ at, kind, what, reason, details }: TimelineEntry): z.infer<typeof entry> {
  return { at: isoTime(at), kind, what, reason, details };
}

function writeCursor(last: Pick<TimelineEntry, 'at' | 'place'>): string {
  return Buffer.from(JSON.stringify([last.at, last.place])).toString('base64url');
}

function readCursor(cursor: string): Pick<TimelineEntry, 'at' | 'place'> {
  try {
    const [at, after] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at, place: after };
  } catch {
    throw new Problem(422, {
      detail: 'The request is not valid.',
      errors: [{ pointer: 'cursor', detail: 'must be the `next` value of a previous page' }],
    });
  }
}
