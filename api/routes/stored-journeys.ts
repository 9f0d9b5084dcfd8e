import { z } from 'zod';
import { journeyDefinition } from '../../engine/definition/schema';
import type { JsonObject } from '../../engine/json';
import {
  changeStatus,
  findStored,
  listVersions,
  publishAgain,
  publishDraft,
  saveDraft,
  type StoredRecord,
  type StoredStatus,
} from '../../store/stored-journeys';
import type { Gates } from '../auth';
import { checkDefinition, type FitDefinition } from '../definition-check';
import type { ApiDeps } from '../deps';
import { jsonObject, text } from '../fields';
import { Problem } from '../problem';
import { route, type Reply, type Route } from '../route';
import { requireData } from './journeys';

const params = z.object({ id: text });
const publication = z.object({
  author: text.min(1).max(100).meta({ description: 'Who publishes' }),
  note: text.max(1_000).default('').meta({ description: 'Why' }),
});

const status = z.object({
  id: z.string(),
  status: z.enum(['draft', 'active', 'paused', 'archived']),
  version: z.int().nullable().meta({ description: 'Published last' }),
  draft: z.boolean().meta({ description: 'Something is not published yet' }),
});

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

const UNKNOWN = { description: 'There is no such stored journey' };
const TAKEN = { description: 'The journey is code, or not in a state for this' };

/** Journeys as data: kept as a draft, published, paused, resumed, archived, rolled back. */
export function storedJourneyRoutes(deps: ApiDeps, { adminKey }: Gates): Route[] {
  const { database, definitions } = deps;

  async function find(id: string): Promise<StoredRecord> {
    requireData(definitions.current, id);
    const found = await findStored(database, id);
    if (!found) throw new Problem(404, { detail: 'There is no such stored journey.' });
    return found;
  }

  async function requireFit(id: string, definition: JsonObject): Promise<FitDefinition> {
    const checked = await checkDefinition(deps, id, definition);
    if ('errors' in checked) throw new Problem(422, { detail: 'The journey can not run.', errors: checked.errors });
    return checked.fit;
  }

  /** Answers with what has become of a journey, in force in this process already. */
  async function changed(id: string, code = 200): Promise<Reply> {
    await definitions.refresh();
    const { draft, ...rest } = await find(id);
    return { status: code, body: { id, status: rest.status, version: rest.version, draft: draft !== null } };
  }

  const shared = { tag: 'Journeys', access: adminKey, params } as const;
  const answers = { 200: { description: 'Done', schema: status }, 404: UNKNOWN, 409: TAKEN };

  const put = route({
    ...shared,
    method: 'put',
    path: '/v1/journeys/{id}',
    name: 'putJourney',
    summary: 'Keep a journey as a draft; nothing changes for anyone until it is published',
    description: 'A draft is checked like code is at start: names, every path, every template on it.',
    body: jsonObject,
    documentedBody: journeyDefinition,
    answers: {
      200: { description: 'Kept in the place of the draft before', schema: status },
      201: { description: 'A new journey', schema: status },
      409: TAKEN,
    },
    handle: async ({ params: { id }, body }) => {
      requireData(definitions.current, id);
      const { json } = await requireFit(id, body);
      return changed(id, (await saveDraft(database, id, json)) ? 201 : 200);
    },
  });

  const publish = route({
    ...shared,
    method: 'post',
    path: '/v1/journeys/{id}/publish',
    name: 'publishJourney',
    summary: 'Make the draft the next version, in force within seconds; a paused journey stays paused',
    body: publication,
    answers,
    handle: async ({ params: { id }, body }) => {
      const { draft } = await find(id);
      if (draft === null) throw new Problem(409, { detail: 'There is no draft.' });
      await requireFit(id, draft);
      if ((await publishDraft(database, { id, ...body }, draft)) === null)
        throw new Problem(409, { detail: 'The draft has just been changed.' });
      return changed(id);
    },
  });

  const rollback = route({
    ...shared,
    method: 'post',
    path: '/v1/journeys/{id}/rollback',
    name: 'rollBackJourney',
    summary: 'Publish an earlier version again, as the next one; everybody inside comes along',
    body: publication.extend({
      version: z
        .int()
        .min(1)
        .max(2 ** 31 - 1),
    }),
    answers,
    handle: async ({ params: { id }, body: { version, ...publisher } }) => {
      await find(id);
      const earlier = (await listVersions(database, id)).find((one) => one.version === version);
      if (!earlier) throw invalidVersion();
      await requireFit(id, earlier.definition);
      await publishAgain(database, { id, ...publisher }, version);
      return changed(id);
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
      await find(id);
      const all = await listVersions(database, id);
      return {
        status: 200,
        body: { versions: all.map((one) => ({ ...one, publishedAt: one.publishedAt.toISOString() })) },
      };
    },
  });

  const transition = (
    verb: string,
    summary: string,
    from: readonly StoredStatus[],
    to: StoredStatus,
    description?: string,
  ): Route =>
    route({
      ...shared,
      method: 'post',
      path: `/v1/journeys/{id}/${verb}`,
      name: `${verb}Journey`,
      summary,
      ...(description !== undefined && { description }),
      answers,
      handle: async ({ params: { id } }) => {
        const { status: present } = await find(id);
        if (!(await changeStatus(database, id, from, to)))
          throw new Problem(409, { detail: `A journey that is ${present} can not be ${to}.` });
        return changed(id);
      },
    });

  return [
    put,
    history,
    publish,
    transition(
      'pause',
      'Hold everybody where they are: nothing is sent, nobody goes on, nothing is lost',
      ['active', 'paused'],
      'paused',
      'Waits that have begun go on, exits and the goal count, and whoever the trigger concerns enters and is held at the first step.',
    ),
    transition(
      'resume',
      'Go on after a pause: what was held is decided now, by the caps, quiet hours and expiry of now',
      ['active', 'paused'],
      'active',
    ),
    transition(
      'archive',
      'Take the journey out of force; who is inside stays where they are, and goes on if a version is published again',
      ['active', 'paused', 'archived'],
      'archived',
    ),
    rollback,
  ];
}

function invalidVersion(): Problem {
  const errors = [{ pointer: '/version', detail: 'There is no such version.' }];
  return new Problem(422, { detail: 'The request is not valid.', errors });
}
