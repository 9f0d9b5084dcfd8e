import { z } from 'zod';
import { eventsTotal, ingestDuration } from '../../config/metrics';
import { ingest } from '../../store/ingest';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { instant, jsonObject } from '../fields';
import { Problem } from '../problem';
import { route, type BodyType, type Reply, type Route } from '../route';
import { catalogueOf } from '../segment/catalogue';
import { readCalls, tooLarge, type ReceivedCall, type Rejection } from '../segment/read-calls';
import { CALLS, type CallType } from '../segment/schema';

/** Browsers send text/plain to avoid a preflight request. */
const BODY_TYPES: readonly BodyType[] = ['application/json', 'text/plain'];

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
    .meta({ description: 'The calls that were not stored: they are not valid, or the traits would become too large' }),
});

const documentedBatch = z.object({
  batch: z
    .array(z.union(Object.entries(CALLS).map(([type, schema]) => schema.extend({ type: z.literal(type) }))))
    .min(1),
  sentAt: instant.nullish().meta({ description: 'The same as in each call, for calls without their own' }),
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

/** Paths built into Segment's clients: browsers and phones use the first letter of a call, the .NET client sends batches to `import`. */
const BATCH_ALIASES = ['/v1/b', '/v1/import'] as const;
const aliasOf = (type: string): string => `/v1/${type.charAt(0)}`;

function nothingStored(rejected: readonly Rejection[]): Problem {
  eventsTotal.inc({ outcome: 'rejected' }, rejected.length);
  return new Problem(422, {
    detail: 'Nothing was stored, because no call is valid.',
    errors: rejected.flatMap(({ errors }) => errors),
  });
}

/** The routes that Segment's clients call (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/). */
export function ingestRoutes(
  { database, definitions, catalogue, clock, waker }: ApiDeps,
  { writeKey }: Gates,
): Route[] {
  const known = catalogueOf(catalogue);

  async function receive(calls: readonly ReceivedCall[], sentAt: number | null): Promise<Reply> {
    const {
      batch,
      sources,
      rejected: invalid,
    } = await readCalls(calls, { clock, catalogue: known, receivedAt: Date.now(), sentAt });
    if (batch.events.length === 0) throw nothingStored(invalid);
    const stop = ingestDuration.startTimer();
    const { stored, tooLarge: refused, pending } = await ingest(database, definitions, batch);
    stop();
    const large = tooLarge(
      calls,
      refused.flatMap((place) => sources[place] ?? []),
    );
    const rejected = [...invalid, ...large].sort((a, b) => a.index - b.index);
    if (refused.length === batch.events.length) throw nothingStored(rejected);
    eventsTotal.inc({ outcome: 'rejected' }, rejected.length);
    const duplicates = batch.events.length - refused.length - stored;
    eventsTotal.inc({ outcome: 'accepted' }, stored);
    eventsTotal.inc({ outcome: 'duplicate' }, duplicates);
    wake(waker, pending);
    return { status: 200, body: { accepted: stored, duplicates, rejected } };
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

  const single = Object.entries(CALLS).map(([type, documentedBody]) =>
    route({
      ...shared,
      path: `/v1/${type}`,
      aliases: [aliasOf(type)],
      name: type,
      summary: SUMMARIES[type as CallType],
      description: `Also available at ${aliasOf(type)}.`,
      body: jsonObject,
      documentedBody,
      handle: ({ body }) => receive([{ call: { ...body, type }, pointer: '' }], null),
    }),
  );
  const batch = route({
    ...shared,
    path: '/v1/batch',
    aliases: BATCH_ALIASES,
    name: 'batch',
    summary: 'Send any number of calls at once',
    description: `Each call is stored or rejected on its own. Also available at ${BATCH_ALIASES.join(' and ')}.`,
    body: z.object({ batch: z.array(z.unknown()).min(1), sentAt: instant.nullish() }),
    documentedBody: documentedBatch,
    handle: ({ body }) =>
      receive(
        body.batch.map((call, index) => ({ call, pointer: `/batch/${index}` })),
        body.sentAt ? Date.parse(body.sentAt) : null,
      ),
  });
  return [...single, batch];
}
