import { z } from 'zod';
import { NEVER_SEEN } from '../../store/aliases';
import { hasRuns, LISTED_RUNS, listUsers, type ListedUser, type UserFilter } from '../../store/user-list';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { isoTime, text, time } from '../fields';
import { pageOf, readCursor } from '../cursor';
import { invalidField } from '../problem';
import { route, type Route } from '../route';

/** The most traits that a filter has. */
const MOST_TRAITS = 10;

/** zod leaves this name out of a record, so a filter by it would find everybody. */
const namedTraits = z
  .custom<object>(
    (given) => typeof given !== 'object' || !Object.hasOwn(given ?? {}, '__proto__'),
    'must not name `__proto__`',
  )
  .meta({ type: 'object', additionalProperties: { type: 'string', maxLength: 1_000 } });

/** The fields by which users are found. They are those of a query and of a body. */
export const userFilter = {
  trait: namedTraits
    .pipe(z.record(text.min(1).max(200), text.max(1_000)))
    .refine((traits) => Object.keys(traits).length <= MOST_TRAITS, `must have at most ${MOST_TRAITS} traits`)
    .optional()
    .meta({
      description:
        'Values of traits, by name; a user has all of them. In a query: `trait[plan]=pro`. `42` finds the text and the number, and `true` the text and the boolean',
    }),
  stage: text.min(1).max(200).optional().meta({ description: 'The stage of the lifecycle that the user is in' }),
  journey: text
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'A journey that the user is in. Refused with 422 if there is no such journey' }),
  step: text.min(1).max(200).optional().meta({ description: 'The step of `journey` in which the user is' }),
};

type GivenFilter = z.infer<z.ZodObject<typeof userFilter>>;

const query = z.strictObject({
  ...userFilter,
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: text.max(1_000).optional().meta({ description: 'The value of `next` from the previous page' }),
});

const listed = z.object({
  id: z.string().meta({ description: 'The id of the user' }),
  anonymous: z.boolean().meta({ description: 'Whether only an anonymous id is known of the user' }),
  stage: z.string().meta({ description: 'Empty until the first decision' }),
  createdAt: time,
  lastSeenAt: time.nullable().meta({ description: 'Null when no event of theirs has come yet' }),
  runs: z
    .array(
      z.object({
        journey: z.string().meta({ description: 'The id of the journey' }),
        key: z
          .string()
          .nullable()
          .meta({ description: 'The key of the run, such as an order id; null where the journey has none' }),
        step: z.string().nullable().meta({ description: 'The current step' }),
        status: z
          .enum(['active', 'failed'])
          .meta({ description: '`failed`: the code of the journey threw, and the run waits for other definitions' }),
        enteredAt: time,
      }),
    )
    .meta({ description: `The latest ${LISTED_RUNS} runs in progress` }),
});

/** The place in a list of users: the last id of a page. */
export const lastId = z.tuple([text]);

/**
 * Reads the fields of a filter.
 * @param pointer where the fields are: `''` in a query, or a JSON Pointer with a slash at its end
 * @throws {Problem} 422 when `step` is given without `journey`, or there is no such journey and nobody was ever in one of this name
 */
export async function readFilter(
  { definitions, database }: Pick<ApiDeps, 'definitions' | 'database'>,
  { trait, stage, journey, step }: GivenFilter,
  pointer: string,
): Promise<UserFilter> {
  if (step !== undefined && journey === undefined)
    throw invalidField(`${pointer}step`, 'needs `journey`: name the journey of the step');
  if (journey !== undefined) {
    const isInForce = definitions.current.journeys.some(({ id }) => id === journey);
    // Users may still be in a journey that was removed from the code.
    if (!isInForce && !(await hasRuns(database, journey)))
      throw invalidField(`${pointer}journey`, 'there is no such journey: `GET /v1/journeys` lists them');
  }
  return { traits: trait ?? {}, stage: stage ?? null, journey: journey ?? null, step: step ?? null };
}

const LISTED_USER: z.infer<typeof listed> = {
  id: 'ada',
  anonymous: false,
  stage: 'new',
  createdAt: '2026-01-05T12:00:00.000Z',
  lastSeenAt: '2026-01-05T12:00:00.000Z',
  runs: [
    {
      journey: 'onboarding',
      key: null,
      step: 'first project',
      status: 'active',
      enteredAt: '2026-01-05T12:00:00.000Z',
    },
  ],
};

/** Finds users by what they are and where they are. */
export function userListRoutes(deps: ApiDeps, { adminKey }: Gates): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/users',
      name: 'listUsers',
      tag: 'Users',
      summary: 'List users by trait, stage, journey and step',
      description:
        'Returns users in the order of their ids, so a user who comes or goes meanwhile moves no other to another page. All filters that are ' +
        'given have to hold. Ids that were merged into another user, and erased users, are not listed. A parameter that this route does not know is refused.',
      access: adminKey,
      query,
      example: { query: { stage: 'new', limit: '10' } },
      answers: {
        200: {
          description: 'A page of the list',
          schema: z.object({
            users: z.array(listed).meta({ description: 'The users of this page, by id' }),
            next: z.string().nullable().meta({ description: 'The `cursor` of the next page; null on the last page' }),
          }),
          example: { users: [LISTED_USER], next: null },
        },
      },
      handle: async ({ query: { limit, cursor, ...filter } }) => {
        const [after] = cursor === undefined ? [null] : readCursor(cursor, lastId);
        const wanted = await readFilter(deps, filter, '');
        const found = await listUsers(deps.database, wanted, { after, limit: limit + 1 });
        const { items, next } = pageOf(found, limit, ({ id }) => [id]);
        return { status: 200, body: { users: items.map(toResponse), next } };
      },
    }),
  ];
}

function toResponse({ createdAt, lastSeenAt, runs, ...user }: ListedUser): z.infer<typeof listed> {
  return {
    ...user,
    createdAt: isoTime(createdAt),
    lastSeenAt: lastSeenAt === NEVER_SEEN ? null : isoTime(lastSeenAt),
    runs: runs.map(({ enteredAt, ...run }) => ({ ...run, enteredAt: isoTime(enteredAt) })),
  };
}
