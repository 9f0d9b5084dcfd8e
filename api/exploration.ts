import { z } from 'zod';
import type { Exploration } from '../engine/explore';

const count = z.int().min(0);
const most = z.object({
  day: count.meta({ description: 'In any 24 hours' }),
  week: count.meta({ description: 'In any 7 days' }),
  path: count,
});

/** How far the paths of a definition were walked. */
export const explored = z.object({
  paths: count.meta({ description: 'Different ones that were walked' }),
  truncated: z.boolean().meta({ description: 'There are more paths than were walked' }),
});

/** Everything a definition can do to one person. */
export const explorationReport = explored.extend({
  left: count.meta({ description: 'Paths an exit event ends, from any step a person rests in' }),
  withoutGoal: count.meta({ description: 'Paths that return without goal or exit' }),
  shortestMs: count.nullable().meta({ description: 'Of the paths that end by themselves' }),
  longestMs: count.nullable(),
  messages: z
    .object({ email: most, webPush: most, inApp: most, total: most })
    .meta({ description: 'The most messages one person gets' }),
  budget: z.object({ messages: count, withinMs: count, most: count }).nullable(),
  awaits: z.array(z.string()).meta({ description: 'Every event a path waits for, exits and the goal' }),
});

/** How far the paths were walked, for an answer. */
export function exploredOf({ paths, bounds: { truncated } }: Exploration): z.infer<typeof explored> {
  return { paths, truncated };
}

/** An exploration for an answer. */
export function reportOf(exploration: Exploration): z.infer<typeof explorationReport> {
  const { left, withoutGoal, shortestMs, longestMs, messages, budget, awaits } = exploration;
  return {
    ...exploredOf(exploration),
    left,
    withoutGoal,
    shortestMs,
    longestMs,
    messages,
    budget,
    awaits: [...awaits],
  };
}
