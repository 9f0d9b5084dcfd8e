import { z } from 'zod';
import { eventsTotal, ingestDuration } from '../../config/metrics';
import { ingest } from '../../store/ingest';
import type { Gates, Sender } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { instant, jsonObject } from '../fields';
import { MOST_ERRORS } from '../pointer';
import { Problem } from '../problem';
import { route, type BodyType, type Reply, type Route } from '../route';
import { catalogueOf } from '../segment/catalogue';
import { readInstant } from '../segment/instant';
import { readCalls, type ReceivedCall } from '../segment/read-calls';
import { refusedByStore } from '../segment/refused-by-store';
import type { CallErrors } from '../segment/call-errors';
import { CALL_TYPES, describedCall, type CallType } from '../segment/schema';

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

const received = z.object({
  accepted: z.int().meta({ description: 'The number of calls stored by this request' }),
  duplicates: z.int().meta({ description: 'The number of calls stored before, recognized by messageId' }),
  rejected: z
    .array(
      z.object({
        index: z.int().meta({ description: 'The position of the call in the batch, from 0' }),
        messageId: z.string().nullable(),
        errors: z.array(z.object({ pointer: z.string(), detail: z.string() })),
      }),
    )
    .meta({
      description:
        'The calls that were not stored: they are not valid, or the traits would become too large. ' +
        `The first are listed, with ${MOST_ERRORS} errors together`,
    }),
  rejectedCount: z.int().meta({ description: 'The number of calls that were not stored, listed or not' }),
  warnings: z
    .array(z.object({ index: z.int(), messageId: z.string().nullable(), pointer: z.string(), detail: z.string() }))
    .max(MOST_ERRORS)
    .meta({ description: 'What was not taken as it was sent, though its call was stored: the first of them' }),
  warningCount: z.int().meta({ description: 'The number of all warnings, listed or not' }),
});

const documentedBatch = z.object({
  batch: z
    .array(z.union(CALL_TYPES.map((type) => describedCall(type).extend({ type: z.literal(type) }))))
    .min(1)
    .max(MOST_CALLS),
  sentAt: instant.meta({ description: 'The same as in each call, for calls without their own' }),
  writeKey: z.string().optional().meta({ description: 'The write key, when there is no Authorization header' }),
});

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

/** The routes that Segment's clients call (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/). */
export function ingestRoutes(
  { database, definitions, catalogue, clock, waker }: ApiDeps,
  { writeKey }: Gates,
): Route[] {
  const known = catalogueOf(catalogue);

  async function receive(calls: readonly ReceivedCall[], sentAt: number | null, { mergeable }: Sender): Promise<Reply> {
    const reception = { clock, catalogue: known, receivedAt: clock.real(), sentAt };
    const { batch, positions, rejections, warnings } = await readCalls(calls, reception);
    if (batch.events.length === 0) throw nothingStored(rejections);
    const stop = ingestDuration.startTimer();
    const { stored, pending, refused } = await ingest(database, definitions, batch, mergeable);
    stop();
    for (const { index, call, error } of refusedByStore(calls, positions, refused))
      rejections.add(index, call, [error]);
    if (refused.size === batch.events.length) throw nothingStored(rejections);
    eventsTotal.inc({ outcome: 'rejected' }, rejections.count);
    const duplicates = batch.events.length - refused.size - stored;
    eventsTotal.inc({ outcome: 'accepted' }, stored);
    eventsTotal.inc({ outcome: 'duplicate' }, duplicates);
    wake(waker, pending);
    return {
      status: 200,
      body: {
        accepted: stored,
        duplicates,
        rejected: rejections.listed.toSorted((a, b) => a.index - b.index),
        rejectedCount: rejections.count,
        warnings: warnings.listed.flatMap(({ errors, ...call }) => errors.map((error) => ({ ...call, ...error }))),
        warningCount: warnings.errorCount,
      },
    };
  }

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
      body: jsonObject,
      documentedBody: describedCall(type),
      handle: ({ body }, sender) => receive([{ call: { ...body, type }, pointer: '' }], null, sender),
    }),
  );
  const batch = route({
    ...shared,
    path: '/v1/batch',
    aliases: BATCH_ALIASES,
    name: 'batch',
    summary: `Send up to ${MOST_CALLS} calls at once`,
    description: `Each call is stored or rejected on its own. Also available at ${BATCH_ALIASES.join(' and ')}.`,
    body: z.object({
      batch: z.array(z.unknown()).min(1).max(MOST_CALLS, `must not have more than ${MOST_CALLS} calls`),
      sentAt: instant,
    }),
    documentedBody: documentedBatch,
    handle: ({ body }, sender) =>
      receive(
        body.batch.map((call, index) => ({ call, pointer: `/batch/${index}` })),
        readInstant(body.sentAt),
        sender,
      ),
  });
  return [...single, batch];
}

function nothingStored({ listed, count, errorCount }: CallErrors): Problem {
  eventsTotal.inc({ outcome: 'rejected' }, count);
  return new Problem(422, {
    detail: 'Nothing was stored, because no call is valid.',
    errors: listed.flatMap(({ errors }) => errors),
    errorCount,
  });
}
