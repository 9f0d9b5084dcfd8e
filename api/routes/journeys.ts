import { z } from 'zod';
import type { Definitions } from '../../engine/definitions';
import { JOURNEY_ID, type Journey } from '../../engine/journey';
import { countRuns, countSteps } from '../../store/journeys-report';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { text } from '../fields';
import { mermaid } from '../mermaid';
import { Problem } from '../problem';
import { route, type Route } from '../route';
import { triggerText } from '../trigger-text';

const counts = z.object({ active: z.int(), completed: z.int(), exited: z.int(), failed: z.int() });

const journey = z.object({
  id: z.string(),
  enter: z.string(),
  reenter: z.string().meta({ description: 'never, always, or milliseconds since the last time' }),
  keyed: z.boolean().meta({ description: 'One run per key' }),
  exit: z.array(z.string()),
  goal: z.string().nullable(),
  transactional: z.boolean(),
  runs: counts,
});

const journeyWithSteps = journey.extend({
  steps: z.array(z.object({ step: z.string(), kind: z.string(), text: z.string(), active: z.int(), failed: z.int() })),
  removedSteps: z
    .array(z.object({ step: z.string(), active: z.int(), failed: z.int() }))
    .meta({ description: 'Steps the code no longer has, where users still are until they are looked at again' }),
  diagram: z.string().meta({ description: 'A flowchart for Mermaid' }),
});

/** What messages outside any journey are kept under, and where shared templates are. */
const RESERVED = ['api', 'templates'];

const NOBODY = { active: 0, failed: 0 };

/** What is running: the journeys, and how many users are where. */
export function journeyRoutes({ database, definitions }: ApiDeps, { adminKey }: Gates): Route[] {
  const shared = { method: 'get', tag: 'Journeys', access: adminKey } as const;
  return [
    route({
      ...shared,
      path: '/v1/journeys',
      name: 'listJourneys',
      summary: 'All journeys with their runs by status',
      answers: { 200: { description: 'The journeys', schema: z.object({ journeys: z.array(journey) }) } },
      handle: async () => {
        const runs = await countRuns(database);
        return {
          status: 200,
          body: {
            journeys: definitions.current.journeys.map((one) => ({
              ...shown(one),
              runs: runs.get(one.id) ?? noRuns(),
            })),
          },
        };
      },
    }),
    route({
      ...shared,
      path: '/v1/journeys/{id}',
      name: 'getJourney',
      summary: 'One journey with its steps, a diagram, and how many users are in each step now',
      params: z.object({ id: text }),
      answers: {
        200: { description: 'The journey', schema: journeyWithSteps },
        404: { description: 'Unknown journey' },
      },
      handle: async ({ params: { id } }) => {
        const { journeys, outlines } = definitions.current;
        const one = findJourney(journeys, id);
        const outline = outlines.get(id) ?? { steps: [], edges: [] };
        const [runs, inSteps] = await Promise.all([countRuns(database), countSteps(database, id)]);
        const known = new Set(outline.steps.map(({ step }) => step));
        const removed = [...inSteps].filter(([step]) => !known.has(step));
        return {
          status: 200,
          body: {
            ...shown(one),
            runs: runs.get(id) ?? noRuns(),
            steps: outline.steps.map(({ step, kind, text: says }) => ({
              step,
              kind,
              text: says,
              ...(inSteps.get(step) ?? NOBODY),
            })),
            removedSteps: removed.map(([step, live]) => ({ step, ...live })),
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

/**
 * Only a journey that is data can be changed here, and only under an id that can be one.
 * @throws {Problem} 409 or 422
 */
export function requireData({ journeys }: Definitions, id: string): void {
  const found = journeys.find((one) => one.id === id);
  if (found && !found.stored) throw new Problem(409, { detail: 'This journey is code: it is changed there.' });
  if (JOURNEY_ID.test(id) && !RESERVED.includes(id)) return;
  const errors = [{ pointer: 'id', detail: 'must be lower-case words joined by hyphens, and not a reserved one' }];
  throw new Problem(422, { detail: 'The request is not valid.', errors });
}

function shown({ id, enter, reenter, key, exit, goal, transactional }: Journey): Omit<z.infer<typeof journey>, 'runs'> {
  return {
    id,
    enter: triggerText(enter),
    reenter: String(reenter),
    keyed: key !== null,
    exit: [...exit],
    goal: goal?.event ?? null,
    transactional,
  };
}

function noRuns(): z.infer<typeof counts> {
  return { active: 0, completed: 0, exited: 0, failed: 0 };
}
