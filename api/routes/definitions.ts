import { z } from 'zod';
import { journeyDefinition } from '../../engine/json/schema';
import { listStored, listVersions, saveDraft } from '../../store/stored-journeys';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { explored, exploredOf } from '../exploration';
import { jsonObject } from '../fields';
import { route, type Route } from '../route';
import {
  changedSince,
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

const whole = storedStatus.extend({
  definition: journeyDefinition.nullable().meta({ description: 'The draft, or else what was published last' }),
});

const kept = storedStatus.extend(explored.shape);

const versions = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      author: z.string(),
      note: z.string(),
      publishedAt: z.iso.datetime().meta({ description: 'Real time' }),
      finish: z.boolean().meta({ description: 'Who was inside then finishes on the version before' }),
      definition: journeyDefinition,
    }),
  ),
});

/** Journeys as data: what is being worked on, and what was ever published. */
export function definitionRoutes(deps: ApiDeps, { adminKey }: Gates): Route[] {
  const { database, definitions } = deps;
  const shared = { tag: 'Journeys', access: adminKey, params: journeyParams } as const;

  const put = route({
    ...shared,
    method: 'put',
    path: '/v1/journeys/{id}',
    name: 'putJourney',
    summary: 'Keep a journey as a draft; nothing changes for anyone until it is published',
    description:
      'A draft is checked like code is at start, and for everything `explore --check` fails for, on every path.',
    query: z.object({ revision: seenRevision }),
    body: jsonObject,
    documentedBody: journeyDefinition,
    answers: {
      200: { description: 'Kept in the place of the draft before', schema: kept },
      201: { description: 'A new journey', schema: kept },
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
    summary: 'All journeys that are data, in force or not',
    answers: { 200: { description: 'The definitions', schema: z.object({ definitions: z.array(storedStatus) }) } },
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
    summary: 'A journey that is data as it is being worked on',
    answers: { 200: { description: 'The definition', schema: whole }, 404: UNKNOWN, 409: TAKEN },
    handle: async ({ params: { id } }) => {
      const found = await requireStored(deps, id);
      return { status: 200, body: { ...statusOf(definitions, found), definition: found.draft ?? found.published } };
    },
  });

  const history = route({
    ...shared,
    method: 'get',
    path: '/v1/journeys/{id}/versions',
    name: 'listJourneyVersions',
    summary: 'Every version ever published, newest first',
    answers: { 200: { description: 'The versions', schema: versions }, 404: UNKNOWN, 409: TAKEN },
    handle: async ({ params: { id } }) => {
      await requireStored(deps, id);
      const all = await listVersions(database, id);
      return {
        status: 200,
        body: { versions: all.map((one) => ({ ...one, publishedAt: one.publishedAt.toISOString() })) },
      };
    },
  });

  return [list, get, put, history];
}
