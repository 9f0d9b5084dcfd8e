import { z } from 'zod';
import type { Journey } from '../../engine/authoring/journey';
import { ENTER } from '../../engine/user/commands';
import { enteringEvents } from '../../engine/user/triggers';
import { forgetAtOf } from '../../engine/model/forget-at';
import type { JsonObject } from '../../engine/model/json';
import { addCommands, type CommandContent } from '../../store/commands';
import { isEmpty, listUserIds } from '../../store/user-list';
import type { Gates } from '../auth';
import { breather } from '../breather';
import { pageOf, readCursor, type ListPage } from '../cursor';
import { wake, type ApiDeps } from '../deps';
import { id, jsonObject, text } from '../fields';
import type { FieldError } from '../pointer';
import { invalid, invalidField } from '../problem';
import { route, type Route } from '../route';
import { fitOf, storable } from './by-hand';
import { findJourney } from './journeys';
import { lastId, readFilter, userFilter } from './user-list';

/** The most users that one request adds to a journey. */
export const MOST_ENTRIES = 1_000;

const body = z.strictObject({
  messageId: id.meta({
    description:
      'Makes the request idempotent: whoever was added under this id is not added again. Use a new one for each time that users are to be added, such as the name of a campaign',
  }),
  users: z
    .array(
      z.strictObject({
        userId: id.meta({ description: 'The id of a user, or a former one' }),
        properties: jsonObject.optional().meta({ description: 'Instead of those of the request' }),
        messageId: id.optional().meta({
          description: 'Instead of that of the request, for a user who is added several times with different keys',
        }),
      }),
    )
    .min(1)
    .max(MOST_ENTRIES)
    .optional()
    .meta({ description: 'The users to add' }),
  where: z
    .strictObject(userFilter)
    .optional()
    .meta({ description: `Adds the users that are found, as by \`GET /v1/users\`, ${MOST_ENTRIES} in a request` }),
  cursor: text
    .max(1_000)
    .optional()
    .meta({ description: 'With `where`: the value of `next` from the previous answer' }),
  properties: jsonObject.default({}).meta({
    description: 'What the journey gets as the properties of its trigger. They have the key, if the journey has keys',
  }),
});

type Body = z.infer<typeof body>;

const entered = z.object({
  messageId: z.string().meta({ description: 'The id of the request, as it was sent' }),
  users: z
    .array(
      z.object({
        userId: z.string().meta({ description: 'The id, as it was sent or found' }),
        outcome: z.enum(['accepted', 'duplicate', 'unknown']).meta({
          description: 'accepted: stored; duplicate: added before under this id; unknown: there is no such user',
        }),
      }),
    )
    .meta({ description: 'The users of the request, in their order, or those found' }),
  next: z.string().nullable().meta({
    description: 'The `cursor` of the next request with the same `where` and `messageId`; null if nobody is left',
  }),
});

interface Entry {
  readonly userId: string;
  readonly messageId: string;
  readonly properties: JsonObject;
  /** Where the properties are in the body. */
  readonly pointer: string;
}

const NO_CONTENT: CommandContent = { properties: '{}', forgetAt: undefined };
const OUTCOMES = { stored: 'accepted', duplicate: 'duplicate', unknown: 'unknown' } as const;

/** Adds many users to a journey. */
export function enterManyRoutes({ database, definitions, clock, waker }: ApiDeps, { adminKey }: Gates): Route[] {
  /** The users to add. */
  async function entriesOf(given: Body): Promise<ListPage<Entry>> {
    const { messageId, properties, users, where, cursor } = given;
    if (users && where) throw invalidField('/users', 'give either `users` or `where`, not both');
    if (!users && !where) throw invalidField('/users', 'must be given, unless `where` is');
    if (users && cursor !== undefined) throw invalidField('/cursor', 'belongs to `where`, and there is none');
    if (users) return { items: listed(users, given), next: null };
    const [after] = cursor === undefined ? [null] : readCursor(cursor, lastId, '/cursor');
    const filter = await readFilter({ definitions, database }, where ?? {}, '/where/');
    if (isEmpty(filter)) throw invalidField('/where', 'must have at least one condition');
    const found = await listUserIds(database, filter, { after, limit: MOST_ENTRIES + 1 });
    const entries = found.map((userId) => ({ userId, messageId: String(messageId), properties, pointer: '' }));
    return pageOf(entries, MOST_ENTRIES, ({ userId }) => [userId]);
  }

  /**
   * Checks the properties of all entries, those that they share once.
   * @throws {Problem} 422 when some are not what the journey takes
   */
  async function readProperties(
    journey: Journey,
    entries: readonly Entry[],
    at: number,
  ): Promise<(properties: JsonObject) => CommandContent> {
    const [event] = enteringEvents(journey);
    const forget = event && definitions.current.forget.get(event.name);
    const mismatchesOf = fitOf(journey);
    const breathe = breather();
    const contents = new Map<JsonObject, CommandContent>();
    const errors: FieldError[] = [];
    for (const { properties, pointer } of entries) {
      if (contents.has(properties)) continue;
      await breathe();
      const stored = storable(properties, `${pointer}/properties`);
      errors.push(...(await mismatchesOf(stored, pointer)));
      contents.set(properties, { properties: JSON.stringify(stored), forgetAt: forgetAtOf(forget, stored, at) });
    }
    if (errors.length > 0) throw invalid(errors);
    return (properties) => contents.get(properties) ?? NO_CONTENT;
  }

  return [
    route({
      method: 'post',
      path: '/v1/journeys/{id}/enter',
      name: 'enterJourneyMany',
      tag: 'Journeys',
      summary: 'Add many users to a journey by hand',
      description:
        `Adds up to ${MOST_ENTRIES} users, those of a list or those that a filter finds. Each enters as if added alone: \`reenter\` is ignored, but not ` +
        '`maxOpenRuns`, and who is inside already stays where they are, or starts anew if `reenter` is `restart`. A request with an invalid field adds nobody. ' +
        'Send a request again with the same `messageId` if its answer was lost: nobody enters twice. The users take turns with everybody who does ' +
        'something meanwhile, so a large list delays nobody for long.',
      access: adminKey,
      params: z.object({ id: text }),
      body,
      example: {
        params: { id: 'onboarding' },
        body: {
          messageId: 'spring offer',
          users: [{ userId: 'ada' }, { userId: 'nobody' }],
          properties: { plan: 'free' },
        },
      },
      answers: {
        202: {
          description: 'Stored; the users enter as soon as the workers get to them',
          schema: entered,
          example: {
            messageId: 'spring offer',
            users: [
              { userId: 'ada', outcome: 'accepted' },
              { userId: 'nobody', outcome: 'unknown' },
            ],
            next: null,
          },
        },
        404: { description: 'Unknown journey' },
      },
      handle: async ({ params, body: given }) => {
        const journey = findJourney(definitions.current.journeys, params.id);
        const name = `${ENTER}${journey.id}`;
        const at = clock.now();
        const { items: entries, next } = await entriesOf(given);
        const contentOf = await readProperties(journey, entries, at);
        const commands = entries.map(({ userId, messageId, properties }) => ({
          userId,
          messageId: `${name}/${messageId}`,
          content: contentOf(properties),
        }));
        const { outcomes, pending } = await addCommands(database, { name, at }, commands);
        wake(waker, pending);
        return {
          status: 202,
          body: {
            messageId: String(given.messageId),
            users: entries.map(({ userId }, n) => ({ userId, outcome: OUTCOMES[outcomes[n] ?? 'unknown'] })),
            next,
          },
        };
      },
    }),
  ];
}

/**
 * The entries of a list.
 * @throws {Problem} 422 when a user is listed twice under one id, as only the first entry would count
 */
function listed(users: NonNullable<Body['users']>, { messageId, properties }: Body): Entry[] {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  const entries = users.map((user, n) => {
    const entry = {
      userId: String(user.userId),
      messageId: String(user.messageId ?? messageId),
      properties: user.properties ?? properties,
      pointer: user.properties ? `/users/${n}` : '',
    };
    const one = JSON.stringify([entry.userId, entry.messageId]);
    if (seen.has(one))
      errors.push({
        pointer: `/users/${n}`,
        detail: 'the user is listed before: give each entry a `messageId` of its own',
      });
    seen.add(one);
    return entry;
  });
  if (errors.length > 0) throw invalid(errors);
  return entries;
}
