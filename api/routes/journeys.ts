import { triggerText } from '../../engine/user/triggers';
import { z } from 'zod';
import type { Journey } from '../../engine/authoring/journey';
import { mermaid } from '../../engine/outline/mermaid';

import { countRuns, countSteps, NO_RUNS } from '../../store/journeys-report';
import { listBeginnings, type JourneyBeginning } from '../../store/releases';
import { journeyRates } from '../../store/step-rates';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { text } from '../fields';
import { Problem } from '../problem';
import { conversion, conversionOf, RATES_DAYS, ratesOf, stepRates } from '../rates';
import { route, type Route } from '../route';

const counts = z.object({ active: z.int(), completed: z.int(), exited: z.int(), failed: z.int() });

const journey = z.object({
  id: z.string(),
  enter: z.string(),
  reenter: z.string().meta({ description: 'never, always, or milliseconds since the last time' }),
  keyed: z.boolean().meta({ description: 'One run per key' }),
  exit: z.array(z.string()),
  goal: z.string().nullable(),
  transactional: z.boolean(),
  stored: z
    .object({ version: z.int(), status: z.enum(['active', 'paused']) })
    .nullable()
    .meta({ description: 'Null for a journey that is code' }),
  since: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'When its present version began, real time; null while no worker has taken it up' }),
  runs: counts,
});

const versions = z
  .array(
    z.object({
      version: z.string().meta({ description: 'Of all journeys together: what the timeline says of each decision' }),
      since: z.iso.datetime().meta({ description: 'Real time' }),
    }),
  )
  .meta({
    description:
      'When the latest versions of this journey began, 50 at most, newest first; a decision is by the latest before it',
  });

const stepNow = z.object({
  step: z.string(),
  kind: z.string(),
  text: z.string(),
  active: z.int(),
  failed: z.int(),
  rates: stepRates,
});

const journeyWithSteps = journey.extend({
  steps: z.array(stepNow),
  removedSteps: z
    .array(z.object({ step: z.string(), active: z.int(), failed: z.int() }))
    .meta({ description: 'Steps the code no longer has, where users still are until they are looked at again' }),
  versions,
  conversion: conversion.nullable().meta({ description: 'Null without a goal' }),
  diagram: z.string().meta({ description: 'A flowchart for Mermaid' }),
});

const DAY_MS = 86_400_000;
const NOBODY = { active: 0, failed: 0 };

/** What is running: the journeys, and how many users are where. */
export function journeyRoutes({ database, definitions, clock }: ApiDeps, { adminKey }: Gates): Route[] {
  const shared = { method: 'get', tag: 'Journeys', access: adminKey } as const;
  return [
    route({
      ...shared,
      path: '/v1/journeys',
      name: 'listJourneys',
      summary: 'All journeys with their runs by status',
      answers: { 200: { description: 'The journeys', schema: z.object({ journeys: z.array(journey) }) } },
      handle: async () => {
        const { journeys } = definitions.current;
        const [runs, beginnings] = await Promise.all([
          countRuns(database),
          listBeginnings(
            database.pool,
            journeys.map(({ id }) => id),
          ),
        ]);
        return {
          status: 200,
          body: {
            journeys: journeys.map((one) => ({
              ...shown(one, beginnings.get(one.id)?.[0]),
              runs: runs.get(one.id) ?? NO_RUNS,
            })),
          },
        };
      },
    }),
    route({
      ...shared,
      path: '/v1/journeys/{id}',
      name: 'getJourney',
      summary:
        'One journey: how many of its runs are in each step now, the rates of each, the conversion, and a diagram',
      params: z.object({ id: text }),
      answers: {
        200: { description: 'The journey', schema: journeyWithSteps },
        404: { description: 'Unknown journey' },
      },
      handle: async ({ params: { id } }) => {
        const { journeys, outlines } = definitions.current;
        const one = findJourney(journeys, id);
        const outline = outlines.get(id) ?? { steps: [], edges: [] };
        const [found, runs, inSteps, rates] = await Promise.all([
          listBeginnings(database.pool, [id]),
          countRuns(database),
          countSteps(database, id),
          journeyRates(database, id, clock.now() - RATES_DAYS * DAY_MS),
        ]);
        const beginnings = found.get(id) ?? [];
        const known = new Set(outline.steps.map(({ step }) => step));
        const removed = [...inSteps].filter(([step]) => !known.has(step));
        return {
          status: 200,
          body: {
            ...shown(one, beginnings[0]),
            runs: runs.get(id) ?? NO_RUNS,
            steps: outline.steps.map(({ step, kind, text: says }) => ({
              step,
              kind,
              text: says,
              ...(inSteps.get(step) ?? NOBODY),
              rates: ratesOf(rates, step),
            })),
            removedSteps: removed.map(([step, live]) => ({ step, ...live })),
            versions: beginnings.map(({ version, since }) => ({ version, since: since.toISOString() })),
            conversion: one.goal ? conversionOf(rates) : null,
            diagram: mermaid(triggerText(one.enter), outline),
          },
        };
      },
    }),
  ];
}

/**
 * A journey in force.
 * @throws {Problem} 404
 */
export function findJourney(journeys: readonly Journey[], id: string): Journey {
  const found = journeys.find((one) => one.id === id);
  if (!found) throw new Problem(404, { detail: 'There is no such journey.' });
  return found;
}

function shown(
  { id, enter, reenter, key, exit, goal, transactional, stored }: Journey,
  beginning: JourneyBeginning | undefined,
): Omit<z.infer<typeof journey>, 'runs'> {
  return {
    id,
    enter: triggerText(enter),
    reenter: String(reenter),
    keyed: key !== null,
    exit: [...exit],
    goal: goal?.event ?? null,
    transactional,
    stored: stored ? { version: stored.version, status: stored.paused ? 'paused' : 'active' } : null,
    since: beginning?.since.toISOString() ?? null,
  };
}
