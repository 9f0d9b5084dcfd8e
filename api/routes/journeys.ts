import { triggerText } from '../../engine/user/triggers';
import { z } from 'zod';
import { goalNames, type Journey } from '../../engine/authoring/journey';
import { mermaid } from '../../engine/outline/mermaid';

import { countRuns, countSteps, NO_RUNS } from '../../store/journeys-report';
import { listBeginnings, type JourneyBeginning } from '../../store/releases';
import { journeyRates } from '../../store/step-rates';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { JOURNEY, JOURNEYS } from '../examples/journeys';
import { Problem } from '../problem';
import { conversion, conversionOf, RATES_DAYS, ratesOf, stepRates } from '../rates';
import { route, type Route } from '../route';
import { journeyParams } from '../stored-journey';

const counts = z
  .object({
    active: z.int().meta({ description: 'Runs in progress' }),
    completed: z.int().meta({ description: 'Runs whose code came to its end' }),
    exited: z.int().meta({ description: 'Runs that an exit, the goal or a command ended' }),
    failed: z.int().meta({ description: 'Runs whose code threw: they wait for other definitions' }),
  })
  .meta({ description: 'The number of runs by status' });

const journey = z
  .object({
    id: z.string().meta({ description: 'The id of the journey' }),
    enter: z.string().meta({ description: 'What lets users enter' }),
    reenter: z
      .string()
      .meta({ description: 'never, always, restart, or the minimum time since the last entry in milliseconds' }),
    keyed: z.boolean().meta({ description: 'Whether a user has one run per key' }),
    exit: z.array(z.string()).meta({ description: 'The events that end a run' }),
    goal: z.string().nullable().meta({ description: 'The event that counts as success' }),
    transactional: z.boolean().meta({ description: 'Whether caps and quiet hours leave its messages alone' }),
    stored: z
      .object({
        version: z.int().meta({ description: 'The version published last, from 1' }),
        status: z.enum(['active', 'paused']).meta({ description: '`paused` holds everybody who is inside' }),
      })
      .nullable()
      .meta({ description: 'Null for a journey that is defined in code' }),
    since: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the current version began, in real time; null until a worker runs it' }),
    runs: counts,
  })
  .meta({ id: 'Journey' });

const versions = z
  .array(
    z.object({
      version: z
        .string()
        .meta({ description: 'The version of all definitions together, as the timeline gives it for each decision' }),
      since: z.iso.datetime().meta({ description: 'In real time' }),
    }),
  )
  .meta({
    description:
      'When the latest 50 versions of this journey began, newest first. The version of a decision is the latest that began before it',
  });

const runsInStep = {
  active: z.int().meta({ description: 'The number of runs that are in it now' }),
  failed: z.int().meta({ description: 'The number of runs that have failed in it' }),
};
const stepName = z.string().meta({ description: 'The name of the step' });

const stepNow = z.object({
  step: stepName,
  kind: z.string().meta({ description: 'What sort of step it is' }),
  text: z.string().meta({ description: 'What it does, in a few words' }),
  ...runsInStep,
  rates: stepRates,
});

const journeyWithSteps = journey.extend({
  steps: z.array(stepNow).meta({ description: 'The steps in the order of the code' }),
  removedSteps: z
    .array(z.object({ step: stepName, ...runsInStep }))
    .meta({ description: 'Removed steps in which users remain until the engine next advances them' }),
  versions,
  conversion: conversion.nullable().meta({ description: 'Null for a journey without a goal' }),
  diagram: z.string().meta({ description: 'A Mermaid flowchart' }),
});

const DAY_MS = 86_400_000;
const NOBODY = { active: 0, failed: 0 };

/** The current journeys, and the number of users in each step. */
export function journeyRoutes({ database, definitions, clock }: ApiDeps, { adminKey }: Gates): Route[] {
  const shared = { method: 'get', tag: 'Journeys', access: adminKey } as const;
  return [
    route({
      ...shared,
      path: '/v1/journeys',
      name: 'listJourneys',
      summary: 'List all current journeys with their runs by status',
      description: 'The list includes journeys defined in code and stored journeys that are active or paused.',
      answers: {
        200: {
          description: 'The journeys',
          schema: z.object({ journeys: z.array(journey).meta({ description: 'The current journeys' }) }),
          example: { journeys: JOURNEYS },
        },
      },
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
              ...toResponse(one, beginnings.get(one.id)?.[0]),
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
      summary: 'Retrieve a current journey',
      description: 'Returns the number of runs in each step, the rates of each step, the conversion and a diagram.',
      params: journeyParams,
      example: { params: { id: 'onboarding' } },
      answers: {
        200: { description: 'The journey', schema: journeyWithSteps, example: JOURNEY },
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
            ...toResponse(one, beginnings[0]),
            runs: runs.get(id) ?? NO_RUNS,
            steps: outline.steps.map(({ step, kind, text: label }) => ({
              step,
              kind,
              text: label,
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
 * Finds a current journey.
 * @throws {Problem} 404 when there is none with this id
 */
export function findJourney(journeys: readonly Journey[], id: string): Journey {
  const found = journeys.find((one) => one.id === id);
  if (!found) throw new Problem(404, { detail: 'There is no such journey.' });
  return found;
}

function toResponse(
  { id, enter, reenter, key, exit, goal, transactional, stored }: Journey,
  beginning: JourneyBeginning | undefined,
): Omit<z.infer<typeof journey>, 'runs'> {
  return {
    id,
    enter: triggerText(enter),
    reenter: String(reenter),
    keyed: key !== null,
    exit: [...exit],
    goal: goal ? goalNames(goal).join(' or ') : null,
    transactional,
    stored: stored ? { version: stored.version, status: stored.paused ? 'paused' : 'active' } : null,
    since: beginning?.since.toISOString() ?? null,
  };
}
