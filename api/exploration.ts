import { z } from 'zod';
import { CHANNELS } from '../engine/model/channels';
import type { Exploration } from '../engine/explore';

const count = z.int().min(0);
const most = z.object({
  day: count.meta({ description: 'The most in any 24 hours' }),
  week: count.meta({ description: 'The most in any 7 days' }),
  path: count.meta({ description: 'The most on any one path' }),
});

/** Schema of how many paths of a definition were explored. */
export const explored = z.object({
  paths: count.meta({ description: 'The number of distinct paths that were explored' }),
  truncated: z.boolean().meta({ description: 'True when there are more paths than were explored' }),
});

/** Schema of everything a definition can do to one user. */
export const explorationReport = explored.extend({
  left: count.meta({
    description: 'The number of paths that an exit event ends, from every step in which a user can wait',
  }),
  withoutGoal: count.meta({ description: 'The number of paths that end without reaching the goal or an exit' }),
  shortestMs: count
    .nullable()
    .meta({ description: 'The duration of the shortest path that ends by itself; null when there is none' }),
  longestMs: count.nullable().meta({
    description:
      'The duration of the longest path that ends by itself; null when there is none or a path may never end',
  }),
  timedByData: z.array(z.string()).meta({
    description:
      "The steps that wait until an instant, or for a time of day in a trait. Only the user's data says how long: in the durations, an instant comes at once",
  }),
  messages: z
    .object({
      ...Object.fromEntries(
        CHANNELS.map((channel) => [channel, most.meta({ description: `By the channel \`${channel}\`` })]),
      ),
      total: most.meta({ description: 'By all channels together' }),
    })
    .meta({ description: 'The most messages that one user can receive' }),
  budget: z
    .object({
      messages: count.meta({ description: 'The most messages that it allows in its span' }),
      withinMs: count.meta({ description: 'The length of its span, in milliseconds' }),
      most: count.meta({ description: 'The most messages that any path sends in such a span' }),
    })
    .nullable()
    .meta({ description: 'The budget, and the most messages that any path sends in that span; null without a budget' }),
  awaits: z
    .array(z.string())
    .meta({ description: 'Every event that a path waits for, or that is an exit or the goal' }),
});

/** The number of explored paths, for a response. */
export function exploredOf({ paths, bounds: { truncated } }: Exploration): z.infer<typeof explored> {
  return { paths, truncated };
}

/** An exploration, for a response. */
export function reportOf(exploration: Exploration): z.infer<typeof explorationReport> {
  const { left, withoutGoal, shortestMs, longestMs, timedByData, messages, budget, awaits } = exploration;
  return {
    ...exploredOf(exploration),
    left,
    withoutGoal,
    shortestMs,
    longestMs,
    timedByData: [...timedByData],
    messages,
    budget,
    awaits: [...awaits],
  };
}
