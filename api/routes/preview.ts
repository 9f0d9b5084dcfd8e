import { compile } from '../../engine/outline/compile';
import { z } from 'zod';
import { storedJourney } from '../../engine/json/assemble';
import { journeyDefinition } from '../../engine/json/schema';
import { type Definitions } from '../../engine/definitions/definitions';
import type { Journey } from '../../engine/authoring/journey';
import type { JsonObject } from '../../engine/model/json';
import type { InFlightSummary } from '../../engine/preview/in-flight';
import { previewInFlight } from '../../store/in-flight';
import { findStored, listVersions } from '../../store/stored-journeys';
import type { Gates } from '../auth';
import type { FlawlessDefinition } from '../definition-check';
import type { ApiDeps } from '../deps';
import { PREVIEW } from '../examples/journeys';
import { JOURNEY_EXAMPLE } from '../examples/requests';
import { explorationReport, reportOf } from '../exploration';
import { isoTime, jsonObject } from '../fields';
import { mermaid } from '../../engine/outline/mermaid';
import { Problem } from '../problem';
import { route, type Route } from '../route';
import { journeyParams, requireData, requireFlawless, requireStored } from '../stored-journey';

/** How long a preview evaluates users, in real milliseconds. The response says whether that was enough. */
const TIME_LIMIT_MS = 10_000;

const count = z.int().min(0);
const preview = explorationReport.extend({
  diagram: z.string().meta({ description: 'A Mermaid flowchart' }),
  inFlight: z
    .object({
      people: count.meta({ description: 'The number of users inside any journey that were evaluated' }),
      totals: z.record(z.string(), count).meta({ description: 'Changes in all journeys, by kind' }),
      rows: z
        .array(
          z.object({
            change: z.string().meta({ description: 'What would happen to them' }),
            step: z.string().nullable().meta({ description: 'Where they are' }),
            to: z.string().nullable().meta({ description: 'Where they would be' }),
            why: z.string().meta({ description: 'The rule that says so' }),
            count: count.meta({ description: 'The number of users' }),
          }),
        )
        .meta({ description: 'Changes in this journey, the most frequent first' }),
      byHour: z
        .array(
          z.object({
            hour: z.iso.datetime().meta({ description: 'When the hour begins, on the journey clock' }),
            count: count.meta({ description: 'The number of messages' }),
          }),
        )
        .meta({ description: 'Released messages, by hour on the journey clock' }),
      partial: z.boolean().meta({ description: 'True when there was not enough time to evaluate every user' }),
    })
    .meta({ description: 'What would happen to users inside journeys if this definition were published now' }),
});

/** What a draft would do if it were published. */
export function previewRoutes(deps: ApiDeps, { adminKey }: Gates): Route[] {
  const { database, definitions, clock } = deps;

  /** The given definition, or the draft when none is given. */
  async function previewed(id: string, given: JsonObject | undefined): Promise<FlawlessDefinition> {
    if (given !== undefined) return requireFlawless(deps, id, given);
    const { draft } = await requireStored(deps, id);
    if (draft === null) throw new Problem(409, { detail: 'This journey has no draft.' });
    return requireFlawless(deps, id, draft);
  }

  /** The journey after publishing: still paused if it is, and with former versions for the users who finish on them. */
  async function nextVersion(id: string, definition: JsonObject): Promise<Journey> {
    const [record, newestFirst] = await Promise.all([findStored(database, id), listVersions(database, id)]);
    const version = (record?.version ?? 0) + 1;
    const versions = [...newestFirst.reverse(), { version, definition, finish: definition['version'] === 'finish' }];
    const events = new Map(deps.catalogue.map((event) => [event.name, event]));
    return storedJourney({ id, paused: record?.status === 'paused', versions }, events, definitions.current.channels)
      .journey;
  }

  return [
    route({
      method: 'post',
      path: '/v1/journeys/{id}/preview',
      name: 'previewJourney',
      tag: 'Journeys',
      summary: 'Preview a definition before publishing it',
      description:
        'Returns the paths of the definition, and what would happen to users inside journeys. Without a body, the draft is previewed. Nothing is changed.',
      access: adminKey,
      params: journeyParams,
      body: jsonObject.optional(),
      documentedBody: journeyDefinition.optional(),
      example: { params: { id: 'first-steps' }, body: JOURNEY_EXAMPLE },
      answers: {
        200: { description: 'The preview', schema: preview, example: PREVIEW },
        404: { description: 'There is no such stored journey, and the request has no definition' },
        409: { description: 'The journey is defined in code, or has no draft' },
      },
      handle: async ({ params: { id }, body }) => {
        requireData(definitions.current, id);
        const { json, exploration } = await previewed(id, body);
        const next = await nextVersion(id, json);
        const deadline = Date.now() + TIME_LIMIT_MS;
        const inFlight = await previewInFlight(database.pool, await withJourney(definitions.current, next), {
          now: () => clock.now(),
          enough: () => Date.now() > deadline,
        });
        return {
          status: 200,
          body: {
            diagram: mermaid(exploration.enter, exploration.outline),
            ...reportOf(exploration),
            inFlight: toResponse(inFlight, id),
          },
        };
      },
    }),
  ];
}

/** The current definitions with a journey added or replaced. */
function withJourney(current: Definitions, next: Journey): Promise<Definitions> {
  const others = current.journeys.filter(({ id }) => id !== next.id);
  return compile({ ...current, journeys: [...others, next] });
}

function toResponse(
  { people, totals, rows, byHour, partial }: InFlightSummary,
  id: string,
): z.infer<typeof preview>['inFlight'] {
  return {
    people,
    totals,
    rows: rows
      .filter(({ journey }) => journey === id)
      .map(({ change, step, to, why, count: n }) => ({ change, step, to, why, count: n })),
    byHour: byHour.map(({ hour, count: n }) => ({ hour: isoTime(hour), count: n })),
    partial,
  };
}
