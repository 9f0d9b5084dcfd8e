import { z } from 'zod';
import { journeyDefinition, type JourneyDefinition } from '../../engine/json/schema';
import type { JsonObject } from '../../engine/model/json';
import { listStored, listVersions, saveDraft } from '../../store/stored-journeys';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { DRAFT, VERSIONS } from '../examples/stored-journeys';
import { JOURNEY_EXAMPLE } from '../examples/requests';
import { explored, exploredOf } from '../exploration';
import { jsonObject } from '../fields';
import { route, type Route } from '../route';
import {
  changedSince,
  IN_CODE,
  journeyParams,
  requireData,
  requireFlawless,
  requireStored,
  seenRevision,
  statusOf,
  storedStatus,
  TAKEN,
  UNKNOWN,
} from '../stored-journey';

const withDefinition = storedStatus.extend({
  definition: journeyDefinition
    .nullable()
    .meta({ description: 'The draft, or the version published last when there is no draft' }),
});

const saved = storedStatus.extend(explored.shape);
const SAVED = { ...DRAFT, paths: 2, truncated: false };

const versions = z.object({
  versions: z
    .array(
      z.object({
        version: z.int().meta({ description: 'From 1' }),
        author: z.string().meta({ description: 'Who published it' }),
        note: z.string().meta({ description: 'Why' }),
        publishedAt: z.iso.datetime().meta({ description: 'In real time' }),
        finish: z
          .boolean()
          .meta({ description: 'Whether users who were inside at the time finish on the version before' }),
        definition: journeyDefinition,
      }),
    )
    .meta({ description: 'The published versions, newest first' }),
});

/** Stored journeys: their drafts and published versions. */
export function definitionRoutes(deps: ApiDeps, { adminKey }: Gates): Route[] {
  const { database, definitions } = deps;
  const shared = { tag: 'Journeys', access: adminKey, params: journeyParams } as const;

  const put = route({
    ...shared,
    method: 'put',
    path: '/v1/journeys/{id}',
    name: 'putJourney',
    summary: 'Save a draft of a stored journey',
    description:
      'Nothing changes for users until the draft is published. The draft gets the checks that code gets at startup, and those of ' +
      '`explore --check`, on every path.',
    example: { params: { id: 'first-steps' }, body: JOURNEY_EXAMPLE },
    query: z.object({ revision: seenRevision }),
    body: jsonObject,
    documentedBody: journeyDefinition,
    answers: {
      200: { description: 'The draft of an existing journey was saved', schema: saved, example: SAVED },
      201: { description: 'The journey was created with this draft', schema: saved, example: SAVED },
      409: TAKEN,
    },
    handle: async ({ params: { id }, query: { revision = null }, body }) => {
      requireData(definitions.current, id);
      const { json, exploration } = await requireFlawless(deps, id, body);
      const created = await saveDraft(database, id, json, revision);
      if (created === null) throw changedSince();
      const status = created ? 201 : 200;
      return { status, body: { ...statusOf(definitions, await requireStored(deps, id)), ...exploredOf(exploration) } };
    },
  });

  const list = route({
    method: 'get',
    tag: 'Journeys',
    access: adminKey,
    path: '/v1/definitions',
    name: 'listDefinitions',
    summary: 'List all stored journeys',
    description:
      'Stored journeys are managed by this API instead of in code. The list includes drafts and archived journeys.',
    answers: {
      200: {
        description: 'The stored journeys',
        schema: z.object({
          definitions: z
            .array(storedStatus)
            .meta({ description: 'The stored journeys, drafts and archived ones included' }),
        }),
        example: { definitions: [DRAFT] },
      },
    },
    handle: async () => {
      const all = await listStored(database);
      return { status: 200, body: { definitions: all.map((one) => statusOf(definitions, one)) } };
    },
  });

  const get = route({
    ...shared,
    method: 'get',
    path: '/v1/definitions/{id}',
    name: 'getDefinition',
    summary: 'Retrieve a stored journey with its definition',
    description: 'Returns the draft, or the version published last when there is no draft.',
    example: { params: { id: 'first-steps' } },
    answers: {
      200: {
        description: 'The stored journey',
        schema: withDefinition,
        example: { ...DRAFT, definition: JOURNEY_EXAMPLE },
      },
      404: UNKNOWN,
      409: IN_CODE,
    },
    handle: async ({ params: { id } }) => {
      const found = await requireStored(deps, id);
      return {
        status: 200,
        body: { ...statusOf(definitions, found), definition: asDefinition(found.draft ?? found.published) },
      };
    },
  });

  const history = route({
    ...shared,
    method: 'get',
    path: '/v1/journeys/{id}/versions',
    name: 'listJourneyVersions',
    summary: 'List every published version of a stored journey, newest first',
    example: { params: { id: 'first-steps' } },
    answers: {
      200: { description: 'The versions', schema: versions, example: { versions: VERSIONS } },
      404: UNKNOWN,
      409: IN_CODE,
    },
    handle: async ({ params: { id } }) => {
      await requireStored(deps, id);
      const all = await listVersions(database, id);
      return {
        status: 200,
        body: {
          versions: all.map(({ definition, publishedAt, ...one }) => ({
            ...one,
            publishedAt: publishedAt.toISOString(),
            definition: asDefinition(definition),
          })),
        },
      };
    },
  });

  return [list, get, put, history];
}

/** A stored definition has passed the schema when it was saved. */
function asDefinition<Stored extends JsonObject | null>(stored: Stored): JourneyDefinition | Extract<Stored, null> {
  return stored as JourneyDefinition | Extract<Stored, null>;
}
