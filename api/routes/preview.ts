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
import { explorationReport, reportOf } from '../exploration';
import { isoTime, jsonObject } from '../fields';
import { mermaid } from '../../engine/outline/mermaid';
import { Problem } from '../problem';
import { route, type Route } from '../route';
import { journeyParams, requireData, requireFlawless, requireStored } from '../stored-journey';

/** The people inside are looked at for this long; the answer says whether that was enough. Real milliseconds. */
const PATIENCE_MS = 10_000;

const count = z.int().min(0);
const preview = explorationReport.extend({
  diagram: z.string().meta({ description: 'A flowchart for Mermaid' }),
  inFlight: z
    .object({
      people: count.meta({ description: 'Inside any journey' }),
      totals: z.record(z.string(), count),
      rows: z
        .array(
          z.object({
            change: z.string(),
            step: z.string().nullable(),
            to: z.string().nullable(),
            why: z.string(),
            count,
          }),
        )
        .meta({ description: 'Of this journey, the most frequent first' }),
      byHour: z
        .array(z.object({ hour: z.iso.datetime(), count }))
        .meta({ description: 'Messages released, by hour of the journey clock' }),
      partial: z.boolean().meta({ description: 'Not everybody could be looked at in time' }),
    })
    .meta({ description: 'What becomes of everyone inside a journey at the next look, if this were published now' }),
});

/** What a draft would do, before it is published. */
export function previewRoutes(deps: ApiDeps, { adminKey }: Gates): Route[] {
  const { database, definitions, clock } = deps;

  /** The given definition, or else the draft. */
  async function previewed(id: string, given: JsonObject | undefined): Promise<FlawlessDefinition> {
    if (given !== undefined) return requireFlawless(deps, id, given);
    const { draft } = await requireStored(deps, id);
    if (draft === null) throw new Problem(409, { detail: 'There is no draft.' });
    return requireFlawless(deps, id, draft);
  }

  /** The journey as it would be in force: paused if it is, with those who would finish on a version before. */
  async function nextVersion(id: string, definition: JsonObject): Promise<Journey> {
    const [record, newestFirst] = await Promise.all([findStored(database, id), listVersions(database, id)]);
    const version = (record?.version ?? 0) + 1;
    const versions = [...newestFirst.reverse(), { version, definition, finish: definition['version'] === 'finish' }];
    const events = new Map(deps.catalogue.map((event) => [event.name, event]));
    return storedJourney({ id, paused: record?.status === 'paused', versions }, events).journey;
  }

  return [
    route({
      method: 'post',
      path: '/v1/journeys/{id}/preview',
      name: 'previewJourney',
      tag: 'Journeys',
      summary: 'What the draft, or the definition given, would do: its paths, and what becomes of everyone inside',
      access: adminKey,
      params: journeyParams,
      body: jsonObject.optional(),
      documentedBody: journeyDefinition.optional(),
      answers: {
        200: { description: 'Nothing was changed', schema: preview },
        404: { description: 'There is no such stored journey, and no definition was given' },
        409: { description: 'The journey is code, or has no draft' },
      },
      handle: async ({ params: { id }, body }) => {
        requireData(definitions.current, id);
        const { json, exploration } = await previewed(id, body);
        const next = await nextVersion(id, json);
        const deadline = Date.now() + PATIENCE_MS;
        const inFlight = await previewInFlight(database.pool, await replaced(definitions.current, next), {
          now: () => clock.now(),
          enough: () => Date.now() > deadline,
        });
        return {
          status: 200,
          body: {
            diagram: mermaid(exploration.enter, exploration.outline),
            ...reportOf(exploration),
            inFlight: shown(inFlight, id),
          },
        };
      },
    }),
  ];
}

function replaced(current: Definitions, next: Journey): Promise<Definitions> {
  const others = current.journeys.filter(({ id }) => id !== next.id);
  return compile({ ...current, journeys: [...others, next] });
}

function shown(
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
