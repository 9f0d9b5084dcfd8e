import { z } from 'zod';
import { eventsTotal, ingestDuration } from '../../config/metrics';
import { ingest } from '../../store/ingest';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { jsonObject, moment } from '../fields';
import { Problem } from '../problem';
import { route, type BodyType, type Reply, type Route } from '../route';
import { catalogueOf } from '../segment/catalogue';
import { readCalls, type ReceivedCall } from '../segment/read-calls';
import { CALLS, type CallType } from '../segment/schema';

/** Browsers send text/plain where a preflight request would be in the way. */
const BODY_TYPES: readonly BodyType[] = ['application/json', 'text/plain'];

const received = z.object({
  accepted: z.int().meta({ description: 'Stored just now' }),
  duplicates: z.int().meta({ description: 'Stored before, by messageId' }),
  rejected: z.array(
    z.object({
      index: z.int(),
      messageId: z.string().nullable(),
      errors: z.array(z.object({ pointer: z.string(), detail: z.string() })),
    }),
  ),
});

const documentedBatch = z.object({
  batch: z
    .array(z.union(Object.entries(CALLS).map(([type, schema]) => schema.extend({ type: z.literal(type) }))))
    .min(1),
  sentAt: moment.nullish(),
  writeKey: z.string().optional().meta({ description: 'In the place of Basic authentication' }),
});

const SUMMARIES: Readonly<Record<CallType, string>> = {
  track: 'Something a user did, or that happened to them',
  identify: "A user's traits",
  page: 'A page a user viewed',
  screen: 'A screen a user viewed',
  group: 'A group a user belongs to',
  alias: 'Two ids of one user',
};

/** Where Segment's clients for browsers and phones send the same: by the first letter, and batches of .NET to `import`. */
const BATCH_ALIASES = ['/v1/b', '/v1/import'] as const;
const aliasOf = (type: string): string => `/v1/${type.charAt(0)}`;

/** What Segment's clients call (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/). */
export function ingestRoutes(
  { database, definitions, catalogue, clock, waker }: ApiDeps,
  { writeKey }: Gates,
): Route[] {
  const known = catalogueOf(catalogue);

  async function receive(calls: readonly ReceivedCall[], sentAt: number | null): Promise<Reply> {
    const { batch, rejected } = await readCalls(calls, { clock, catalogue: known, receivedAt: Date.now(), sentAt });
    eventsTotal.inc({ outcome: 'rejected' }, rejected.length);
    if (batch.events.length === 0) {
      throw new Problem(422, { detail: 'Nothing was stored.', errors: rejected.flatMap(({ errors }) => errors) });
    }
    const stop = ingestDuration.startTimer();
    const { stored, pending } = await ingest(database, definitions, batch);
    stop();
    const duplicates = batch.events.length - stored;
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
    answers: { 200: { description: 'Stored', schema: received } },
  } as const;

  const single = Object.entries(CALLS).map(([type, documentedBody]) =>
    route({
      ...shared,
      path: `/v1/${type}`,
      aliases: [aliasOf(type)],
      name: type,
      summary: SUMMARIES[type as CallType],
      description: `(also at ${aliasOf(type)})`,
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
    summary: 'Any number of calls; each is stored or rejected by itself, and the answer says which',
    description: `(also at ${BATCH_ALIASES.join(' and ')})`,
    body: z.object({ batch: z.array(z.unknown()).min(1), sentAt: moment.nullish() }),
    documentedBody: documentedBatch,
    handle: ({ body }) =>
      receive(
        body.batch.map((call, index) => ({ call, pointer: `/batch/${index}` })),
        body.sentAt ? Date.parse(body.sentAt) : null,
      ),
  });
  return [...single, batch];
}
