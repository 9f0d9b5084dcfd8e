import { z } from 'zod';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { RECEIVED } from '../examples/received';
import { BATCH_EXAMPLE, CALL_EXAMPLES, HISTORY_EXAMPLE } from '../examples/requests';
import { instant, jsonObject } from '../fields';
import { receiver } from '../receive-calls';
import { route, type BodyType, type Route } from '../route';
import { readInstant } from '../segment/instant';
import { received } from '../received-calls';
import { CALL_TYPES, describedCall, listedCall, type CallType } from '../segment/schema';

/**
 * Browsers send text/plain to avoid a preflight request. RudderStack's client for Node compresses its JSON and then calls it a form.
 * Others name no type, or none in particular. Who may send is decided by the write key, never by a type that needs a preflight.
 */
const BODY_TYPES: readonly BodyType[] = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
];

/** The most calls of a batch: as many of the shortest as Segment's limit for a batch has room for, and far more than any client sends. */
const MOST_CALLS = 10_000;

const documentedBatch = z.object({
  batch: z
    .array(z.union(CALL_TYPES.map((type) => listedCall(type))))
    .min(1)
    .max(MOST_CALLS)
    .meta({ description: 'The calls, in the order they happened' }),
  sentAt: instant.meta({ description: 'The same as in each call, for calls without their own' }),
  context: z.unknown().optional().meta({
    description: 'An object whose `history` is true imports all calls as history. Anything else in it is ignored',
  }),
  writeKey: z
    .unknown()
    .optional()
    .meta({ description: 'The write key as text, when there is no Authorization header. Otherwise it is ignored' }),
});

const calls = z.array(z.unknown()).min(1).max(MOST_CALLS, `must not have more than ${MOST_CALLS} calls`);

const SUMMARIES: Readonly<Record<CallType, string>> = {
  track: 'Record something that a user did or that happened to them',
  identify: 'Set traits of a user',
  page: 'Record that a user viewed a page',
  screen: 'Record that a user viewed a screen',
  group: 'Record that a user belongs to a group',
  alias: 'Merge two ids of one user',
};

const MERGING =
  'With the write key, `previousId` is the anonymous id of a visitor, who becomes the user. Two users are merged with the admin key; ' +
  'a server can set MERGE_USERS_WITH so that the write key merges them too.';

/** Paths built into Segment's clients: browsers and phones use the first letter of a call, the .NET client sends batches to `import`. */
const BATCH_ALIASES = ['/v1/b', '/v1/import'] as const;
const aliasOf = (type: string): string => `/v1/${type.charAt(0)}`;

/** What the context of a batch says of history. Clients may send anything else there. */
function historyIn(context: unknown): unknown {
  return typeof context === 'object' && context !== null && 'history' in context ? context.history : undefined;
}

/** The routes that Segment's clients call (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/). */
export function ingestRoutes(deps: ApiDeps, { writeKey }: Gates): Route[] {
  const receive = receiver(deps);

  const shared = {
    method: 'post',
    tag: 'Events',
    access: writeKey,
    browser: true,
    bodyTypes: BODY_TYPES,
    answers: {
      200: {
        description: 'Stored, now or by an earlier request with the same messageId; `rejected` lists invalid calls',
        schema: received,
        example: RECEIVED,
      },
    },
  } as const;

  const single = CALL_TYPES.map((type) =>
    route({
      ...shared,
      path: `/v1/${type}`,
      aliases: [aliasOf(type)],
      name: type,
      summary: SUMMARIES[type],
      description: `${type === 'alias' ? `${MERGING} ` : ''}Also available at ${aliasOf(type)}.`,
      example: { body: CALL_EXAMPLES[type] },
      body: jsonObject,
      documentedBody: describedCall(type),
      handle: ({ body }, { mergeable, isAdmin }) =>
        receive([{ call: { ...body, type }, pointer: '' }], { sentAt: null, mergeable, takesConsent: isAdmin }),
    }),
  );
  const batch = route({
    ...shared,
    path: '/v1/batch',
    aliases: BATCH_ALIASES,
    name: 'batch',
    answers: { 200: { ...shared.answers[200], example: { ...RECEIVED, accepted: BATCH_EXAMPLE.length } } },
    summary: `Send up to ${MOST_CALLS} calls at once`,
    description: `Each call is stored or rejected on its own. With \`context.history\`, all calls are imported as history. Also available at ${BATCH_ALIASES.join(' and ')}.`,
    example: { body: { batch: BATCH_EXAMPLE } },
    body: z.object({
      batch: calls,
      sentAt: instant,
      context: z
        .unknown()
        .optional()
        .refine((context) => typeof (historyIn(context) ?? false) === 'boolean', {
          path: ['history'],
          message: 'must be true or false',
        }),
    }),
    documentedBody: documentedBatch,
    handle: ({ body }, { mergeable, isAdmin }) =>
      receive(
        body.batch.map((call, index) => ({ call, pointer: `/batch/${index}` })),
        {
          sentAt: readInstant(body.sentAt),
          mergeable,
          isHistory: historyIn(body.context) === true,
          takesConsent: isAdmin,
        },
      ),
  });
  const history = route({
    method: 'post',
    tag: 'Events',
    access: writeKey,
    path: '/v1/import/history',
    name: 'importHistory',
    answers: { 200: { ...shared.answers[200], example: { ...RECEIVED, accepted: HISTORY_EXAMPLE.length } } },
    summary: `Import up to ${MOST_CALLS} calls as history`,
    description:
      'Does the same as `POST /v1/batch` with `context.history`. A server of a release without imported history answers 404 here, while it ' +
      'ignores `context.history` there.',
    example: { body: { batch: HISTORY_EXAMPLE } },
    body: z.object({ batch: calls }),
    documentedBody: documentedBatch.pick({ batch: true }),
    handle: ({ body }, { mergeable, isAdmin }) =>
      receive(
        body.batch.map((call, index) => ({ call, pointer: `/batch/${index}` })),
        { sentAt: null, mergeable, isHistory: true, takesConsent: isAdmin },
      ),
  });
  return [...single, batch, history];
}
