import { compile } from '../outline/compile';
import { triggerText } from '../user/triggers';
import { goalNames, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';

import { cycleOf } from './cycle';
import { defectsOf, foundOnAll } from './defects';
import type { Exploration } from './exploration';
import { doubtfulReferences, missingReferences } from './references';
import { surveyed, type ExploreOptions } from './surveyed';

export type { ExploreOptions } from './surveyed';
export type { Defect, DefectKind, Exploration } from './exploration';
export type { TreeEnd, TreeStep, TreeWay } from './tree';

/**
 * Walks every path of a journey in virtual time, with the production engine and policy. A path branches at:
 * - each awaited event, with its example, and the timeout;
 * - both answers of a check, and each variant of an experiment;
 * - sent and suppressed, where the code reads a send's status;
 * - each example of the answer of a call, which is not made;
 * - each exit and the goal, in every step in which the person waits.
 *
 * Several walkers walk every path. The first is reachable by all channels and does at once what is awaited. The second
 * does it at the last moment. There is one more for each channel that is ever a second choice, reachable by that
 * channel only. The report says where a bound cut the walk off.
 * @throws whatever `compile` throws for a journey that does not compile
 */
export async function explore(journey: Journey, options: ExploreOptions = {}): Promise<Exploration> {
  const { with: rules = {}, maxPaths = 10_000, maxRests = Infinity } = options;
  const compiled = await compile({
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy(),
    traits: {},
    ...rules,
    journeys: [journey],
  });
  const { survey, steering, rounds, truncated, folded } = await surveyed(journey, compiled, {
    ...options,
    maxPaths,
    maxRests,
  });
  const { steps, edges, awaits } = compiled.outlines.get(journey.id) ?? { steps: [], edges: [], awaits: [] };
  const { durations, budget } = survey;
  const { notes } = steering;
  const found = foundOnAll(journey, survey, steering, !truncated);
  const known = {
    traits: compiled.traits,
    // All chats and topics are known with all journeys: without a file chats.ts there are no chats.
    chats: rules.chats?.byName ?? (rules.journeys ? {} : null),
    topics: rules.topics?.byName ?? (rules.journeys ? {} : null),
    journeys: rules.journeys ? new Set(rules.journeys.map(({ id }) => id)) : null,
  };
  return {
    journey: journey.id,
    enter: triggerText(journey.enter),
    paths: survey.tree.size,
    left: survey.left,
    withoutGoal: survey.withoutGoal.count,
    bounds: { truncated, maxPaths, cut: survey.cut, rounds, loops: [...survey.loops], folded },
    shortestMs: durations.shortest,
    longestMs: survey.endless.size > 0 || durations.longest === Infinity ? null : durations.longest,
    timedByData: [...notes.timedByData],
    messages: survey.messages,
    budget: journey.budget && { ...journey.budget, most: budget.most },
    awaits: [...new Set([...awaits, ...journey.exit, ...(journey.goal ? goalNames(journey.goal) : [])])],
    templates: [...survey.templates.used.values()],
    defects: [
      ...defectsOf(journey, survey, steering, !truncated),
      ...missingReferences(journey, notes, found, known),
      ...(await cycleOf(journey, compiled, rules.journeys)),
    ],
    warnings: doubtfulReferences(journey, notes, known),
    tree: survey.tree.ways,
    outline: { steps, edges },
  };
}
